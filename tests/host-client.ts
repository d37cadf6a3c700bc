import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A host as a program: what is made and done through the API, as far as tests of others need it. */
export interface HostClient {
  room(id: string, title?: string): Promise<void>;
  /** @returns the id of the poll, which is a draft */
  poll(room: string, question: string, options: readonly string[], more?: object): Promise<string>;
  /** Opens, closes or reopens a poll. */
  move(room: string, poll: string, step: 'open' | 'close' | 'reopen', body?: object): Promise<void>;
  /** What is on in a room; null for nothing. */
  putOn(room: string, poll: string | null): Promise<void>;
  change(room: string, poll: string, change: object): Promise<void>;
  remove(room: string, poll: string): Promise<void>;
  /** One request. Rejects with what the API says when it refuses. */
  ask(method: string, path: string, body?: object, headers?: Record<string, string>): Promise<Response>;
}

/** @param address of the host page */
export function openHostClient(address: string, key: string): HostClient {
  async function ask(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
    const answer = await fetch(new URL(`/api${path}`, address), {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }

  /** Changes what is there now, whoever has changed it before. */
  async function overNow(method: 'PATCH' | 'DELETE', path: string, body?: object): Promise<void> {
    const { headers } = await ask('GET', path);
    await ask(method, path, body, { 'if-match': headers.get('etag') ?? '' });
  }

  return {
    ask,
    async room(id, title = id) {
      await ask('POST', '/rooms', { id, title });
    },
    async poll(room, question, options, more = {}) {
      const answer = await ask('POST', `/rooms/${room}/polls`, { question, options, ...more });
      return String(((await answer.json()) as { id: unknown }).id);
    },
    async move(room, poll, step, body = {}) {
      await ask('POST', `/rooms/${room}/polls/${poll}/${step}`, body);
    },
    putOn: (room, on) => overNow('PATCH', `/rooms/${room}`, { on }),
    change: (room, poll, change) => overNow('PATCH', `/rooms/${room}/polls/${poll}`, change),
    remove: (room, poll) => overNow('DELETE', `/rooms/${room}/polls/${poll}`),
  };
}

/** The client of a product that runs in one process. */
export async function hostOf(product: { readonly host: string }, dataDir: string): Promise<HostClient> {
  return openHostClient(product.host, await readFile(join(dataDir, 'host-key'), 'utf8'));
}
