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
    const data = Object.entries(form ?? {}).flatMap(([name, value]) => [
      '--data-urlencode',
      `${name}=${value}`,
    ]);
    const flags = ['--silent', '--show-error', '--max-time', `${patienceMs / 1000}`];
    const { code, stdout, stderr } = await machine.run(
      [
        'curl',
        ...flags,
        '--header',
        `accept: ${acceptOf(form)}`,
        ...data,
        '--write-out',
        '\n%{http_code}',
        url,
      ],
      { limitMs: 3 * patienceMs },
    );
    if (code !== 0) throw new Error(stderr.trim());
    const end = stdout.lastIndexOf('\n');
    return { status: Number(stdout.slice(end + 1)), text: stdout.slice(0, end) };
  };
}

function acceptOf(form: unknown): string {
  return form === undefined ? '*/*' : 'application/json';
}
