import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { createHttpClient } from '../src/http-client.ts';
import { startVoteService } from './vote-service.ts';

it('gives up an answer that begins in time and does not end', async () => {
  await using service = await startVoteService(() => 'hang');
  const http = createHttpClient({ url: service.url, connections: 1, timeLimitMs: 100 });
  await expect(http.send('POST', {}, 'vote=a')).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  http.close();
});

it('reports an answer that breaks off', async () => {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('half', () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const http = createHttpClient({ url, connections: 1, timeLimitMs: 1_000 });
  await expect(http.send('GET', {}, '')).rejects.toMatchObject({ code: 'ECONNRESET' });
  http.close();
  server.close();
});

it('keeps the path of its address and only the start of a large answer', async () => {
  const server = createServer((request, response) => response.end(request.url?.padEnd(1_000_000)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/poll/?x=1`);
  const http = createHttpClient({ url, connections: 1, timeLimitMs: 1_000 });
  const { text } = await http.send('GET', {}, '');
  expect(text.trim()).toBe('/poll/?x=1');
  expect(text.length).toBeLessThan(200_000);
  http.close();
  server.close();
});
