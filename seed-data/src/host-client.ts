import { CannotBegin } from './patience.ts';

export interface HostAnswer {
  readonly status: number;
  /** What the service says in JSON; undefined when it is none. */
  readonly json: { readonly [field: string]: unknown } | undefined;
}

/** The API of the host service as its callers see it. */
export interface HostClient {
  /**
   * @param body is sent as JSON
   * @returns also an answer that says no for a reason which its caller knows
   * @throws {CannotBegin} when nothing answers, something else does, or the key is not taken
   */
  post(path: string, body: object): Promise<HostAnswer>;
}

export interface HostClientConfig {
  readonly host: URL;
  readonly key: string;
  readonly timeLimitMs: number;
}

const otherwise = 'or vote in what is on, with --poll on';

export function createHostClient({ host, key, timeLimitMs }: HostClientConfig): HostClient {
  const base = host.href.replace(/\/$/, '');
  return {
    async post(path, body) {
      const response = await fetch(`${base}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(timeLimitMs),
        // a key goes to nobody else
        redirect: 'error',
      }).catch((error: Error) => {
        throw new CannotBegin(
          `No host service answers at ${host.href} (${reasonOf(error)}). Start it (npm run host), say with HOST_URL where it is, ${otherwise}.`,
          { passing: true },
        );
      });
      const answer = { status: response.status, json: objectIn(await response.text().catch(() => '')) };
      expectHost(answer, host);
      return answer;
    },
  };
}

/** @throws {CannotBegin} */
function expectHost({ status, json }: HostAnswer, { href }: URL): void {
  if (status === 401) {
    throw new CannotBegin(
      `The host service at ${href} does not take this key: HOST_KEY has to be one of its HOST_KEYS, without the name.`,
    );
  }
  if (status === 429) {
    throw new CannotBegin(`The host service at ${href} takes no more keys from here for a minute.`);
  }
  if (status >= 500) {
    throw new CannotBegin(
      `The host service at ${href} cannot make a poll now (${json?.code ?? `HTTP ${status}`}).`,
      { passing: true },
    );
  }
  const isItsOwn = json !== undefined && ('id' in json || typeof json.code === 'string');
  if (!isItsOwn) {
    throw new CannotBegin(
      `What answers at ${href} (HTTP ${status}) is no host service. Say with HOST_URL where it is, ${otherwise}.`,
    );
  }
}

function reasonOf(error: Error): string {
  const cause = error.cause as { readonly code?: string; readonly message?: string } | undefined;
  return cause?.code ?? cause?.message ?? error.message;
}

function objectIn(text: string): HostAnswer['json'] {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
