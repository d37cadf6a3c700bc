import type { Machine } from '../machine/machine.ts';

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** A GET, or a POST of a form. Rejects when no whole answer came. */
export type Request = (url: string, form?: Readonly<Record<string, string>>) => Promise<Answer>;

const patienceMs = 10_000;

/** Requests from this machine. */
export const requestFromHere: Request = async (url, form) => {
  try {
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { accept: acceptOf(form) },
      signal: AbortSignal.timeout(patienceMs),
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
    });
    return { status: answer.status, text: await answer.text() };
  } catch (error) {
    const { cause, message } = error as Error;
    throw new Error(cause instanceof Error ? cause.message : message);
  }
};

/** Requests from a machine that reaches what we cannot, such as an internal load balancer. */
export function createRequestsFrom(machine: Machine): Request {
  return async (url, form) => {
    const fields = Object.entries(form ?? {}).flatMap(([name, value]) => [
      '--data-urlencode',
      `${name}=${value}`,
    ]);
    const limits = ['--silent', '--show-error', '--max-time', `${patienceMs / 1000}`];
    const headers = ['--header', `accept: ${acceptOf(form)}`];
    const { code, stdout, stderr } = await machine.run(
      ['curl', ...limits, ...headers, ...fields, '--write-out', '%{stderr}%{http_code}', url],
      { limitMs: 3 * patienceMs },
    );
    const status = /\d{3}$/.exec(stderr.trim())?.[0];
    if (code !== 0 || status === undefined) throw new Error(stderr.trim());
    return { status: Number(status), text: stdout };
  };
}

function acceptOf(form: unknown): string {
  return form === undefined ? '*/*' : 'application/json';
}
