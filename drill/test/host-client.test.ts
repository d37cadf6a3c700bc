import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createHostClient } from '../src/host-client.ts';

interface Poll {
  readonly state: 'open' | 'closed';
  readonly revision: number;
}

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** An API with one open poll, that takes requests one by one as it is told. */
async function startApi(...takes: ((poll: Poll, answer: ServerResponse) => Poll)[]) {
  let poll: Poll | undefined = { state: 'open', revision: 3 };
  const asked: string[] = [];

  function say(answer: ServerResponse, status: number, body: unknown): void {
    answer.writeHead(status).end(JSON.stringify(body));
  }

  server = createServer((request: IncomingMessage, answer) => {
    if (request.method === 'GET') {
      say(answer, poll === undefined ? 404 : 200, poll ?? {});
      return;
    }
    asked.push(`${request.method} ${request.headers['if-match']}`);
    const take = takes.shift();
    if (take !== undefined) poll = take(poll as Poll, answer);
    else if (request.method === 'DELETE') {
      poll = undefined;
      answer.writeHead(204).end();
    } else {
      poll = { state: 'closed', revision: (poll as Poll).revision + 1 };
      say(answer, 200, poll);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = createHostClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const close = () =>
    client.bring<Poll>(
      '/poll',
      (seen) => seen?.state === 'closed',
      (seen) => ({ method: 'POST', path: '/poll/close', revision: seen?.revision }),
    );
  return { client, asked, close, say };
}

describe('a host', () => {
  it('asks once for what works, for what was seen', async () => {
    const { client, asked, close } = await startApi();
    expect(await close()).toEqual({ state: 'closed', revision: 4 });
    expect([asked, client.repeated]).toEqual([['POST "3"'], 0]);
  });

  it('asks again after 503, and not after an answer that was lost when it was done', async () => {
    const { client, asked, close, say } = await startApi(
      (poll, answer) => {
        say(answer, 503, { code: 'queue_unavailable' });
        return poll;
      },
      (poll, answer) => {
        answer.destroy();
        return { state: 'closed', revision: poll.revision + 1 };
      },
    );
    expect(await close()).toEqual({ state: 'closed', revision: 4 });
    expect([asked.length, client.repeated, client.strange]).toEqual([2, 1, []]);
  });

  it('asks for what is there by then when somebody else has changed it', async () => {
    const { asked, close, say } = await startApi((poll, answer) => {
      say(answer, 412, { code: 'changed_meanwhile' });
      return { ...poll, revision: 7 };
    });
    await close();
    expect(asked).toEqual(['POST "3"', 'POST "7"']);
  });

  it('sees that something is gone', async () => {
    const { client, asked } = await startApi();
    const isGone = (seen: Poll | undefined) => seen === undefined;
    const remove = (seen: Poll | undefined) =>
      ({ method: 'DELETE', path: '/poll', revision: seen?.revision }) as const;
    expect(await client.bring<Poll>('/poll', isGone, remove)).toBeUndefined();
    expect(asked).toEqual(['DELETE "3"']);
  });

  it('notes what no fault explains', async () => {
    const { client, close, say } = await startApi((poll, answer) => {
      say(answer, 500, { code: 'unexpected' });
      return poll;
    });
    await close();
    expect(client.strange).toEqual([expect.stringContaining('500')]);
  });
});
