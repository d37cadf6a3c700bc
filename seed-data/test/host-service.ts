import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HostService {
  readonly url: URL;
  /** What was asked for, with the body. */
  readonly asked: readonly { readonly path: string; readonly body: unknown }[];
  [Symbol.asyncDispose](): Promise<void>;
}

export interface Told {
  readonly status: number;
  readonly body: unknown;
}

export const hostKey = 'the-key-of-a-host-in-tests';
export const problem = (status: number, code: string): Told => ({
  status,
  body: { title: 'No', status, detail: 'For people.', code },
});

/**
 * The part of the host's API that makes polls, on a real port; `tests/seed.test.ts` has the real one.
 *
 * @param answer to the n-th request (from 0); undefined for what a service does that has only the room main
 */
export async function startHostService(
  answer: (post: number) => Told | undefined = () => undefined,
): Promise<HostService> {
  const asked: { path: string; body: unknown }[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const path = request.url ?? '';
    asked.push({ path, body: JSON.parse(text) });
    const usual =
      request.headers.authorization === `Bearer ${hostKey}` ? done(path) : problem(401, 'key_wrong');
    const { status, body } = answer(asked.length - 1) ?? usual;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}`),
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function done(path: string): Told {
  if (path === '/api/rooms') return { status: 201, body: { id: 'seed' } };
  return { status: path.endsWith('/open') ? 200 : 201, body: { id: 'k3x9' } };
}
