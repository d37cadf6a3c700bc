import { setTimeout as pause } from 'node:timers/promises';
import { hostKey } from './start-services.ts';

export interface HostAnswer {
  readonly status: number;
  /** Undefined when there is none. */
  readonly body: unknown;
}

/** A host before the HTTP API: who is not answered, or told that it did not work, looks, and asks again. */
export interface HostClient {
  /**
   * What is at an address, undefined when there is nothing.
   *
   * @throws when that cannot be found out within a minute
   */
  look<Seen>(path: string): Promise<Seen | undefined>;
  /**
   * Asks for something until it is so, each time for what was seen.
   *
   * @param isSo of what is seen at the address
   * @returns what is seen then
   * @throws when it has not become so within a minute
   */
  bring<Seen>(
    path: string,
    isSo: (seen: Seen | undefined) => boolean,
    ask: (seen: Seen | undefined) => Request | undefined,
  ): Promise<Seen | undefined>;
  /** Requests that were made again. */
  readonly repeated: number;
  /** Answers that no fault of the drill explains. */
  readonly strange: readonly string[];
}

export interface Request {
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly content?: object;
  /** What is asked for is meant for this revision, so that what arrives late does nothing. */
  readonly revision?: number | undefined;
}

/** How long a host waits for an answer. */
const timeLimitMs = 4_000;
const againAfterMs = 300;
/** Longer than any faults of a round follow each other on the way of one request. */
const patienceMs = 60_000;
/** Done; not there (any more); not from where it is; changed meanwhile; not now. */
const expected = [200, 201, 204, 404, 409, 412, 503];

export function createHostClient(address: string): HostClient {
  const strange: string[] = [];
  let repeated = 0;

  /** Undefined when no answer came. */
  async function send({
    method,
    path,
    content,
    revision,
  }: Omit<Request, 'method'> & { readonly method: Request['method'] | 'GET' }): Promise<
    HostAnswer | undefined
  > {
    try {
      const response = await fetch(address + path, {
        method,
        headers: {
          authorization: `Bearer ${hostKey}`,
          ...(content && { 'content-type': 'application/json' }),
          ...(revision !== undefined && { 'if-match': `"${revision}"` }),
        },
        ...(content && { body: JSON.stringify(content) }),
        signal: AbortSignal.timeout(timeLimitMs),
      });
      const text = await response.text();
      const body: unknown = text === '' ? undefined : JSON.parse(text);
      if (!expected.includes(response.status)) {
        strange.push(`the host's API answered ${method} ${path} with ${response.status} ${text}`);
      }
      return { status: response.status, body };
    } catch {
      return undefined;
    }
  }

  async function lookUntil<Seen>(path: string, until: number): Promise<Seen | undefined> {
    for (;;) {
      const answer = await send({ method: 'GET', path });
      if (answer?.status === 200) return answer.body as Seen;
      if (answer?.status === 404) return undefined;
      if (performance.now() > until) {
        throw new Error(`the host's API does not answer GET ${path}: ${JSON.stringify(answer)}`);
      }
      await pause(againAfterMs);
    }
  }

  return {
    look: (path) => lookUntil(path, performance.now() + patienceMs),
    async bring<Seen>(
      path: string,
      isSo: (seen: Seen | undefined) => boolean,
      ask: (seen: Seen | undefined) => Request | undefined,
    ) {
      const until = performance.now() + patienceMs;
      for (let requests = 0; ; ) {
        const seen = await lookUntil<Seen>(path, until);
        if (isSo(seen)) return seen;
        if (performance.now() > until) throw new Error(`${path} stays ${JSON.stringify(seen)}`);
        const request = ask(seen);
        if (request !== undefined) {
          if (requests++ > 0) repeated++;
          const answer = await send(request);
          // with this answer it is so
          if (answer?.status === 200 && isSo(answer.body as Seen)) return answer.body as Seen;
          if (answer !== undefined && answer.status < 300) continue;
        }
        await pause(againAfterMs);
      }
    },
    get repeated() {
      return repeated;
    },
    strange,
  };
}
