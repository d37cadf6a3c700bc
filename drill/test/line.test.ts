import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { freePort } from '../../tests/servers/free-ports.ts';
import { type Line, openLine } from '../../tests/servers/line.ts';

const pass = { kind: 'pass' } as const;

let server: Server;
let line: Line;
/** What the server heard, one text for each connection. */
let heard: { text: string; ended: boolean }[];

// answers each word with the same word in capitals
beforeEach(async () => {
  heard = [];
  server = createServer({ allowHalfOpen: true }, (socket) => {
    const connection = { text: '', ended: false };
    heard.push(connection);
    socket.on('data', (data) => {
      connection.text += data;
      socket.write(String(data).toUpperCase());
    });
    socket.on('end', () => {
      connection.ended = true;
      socket.end();
    });
    socket.on('error', () => {});
  });
  const port = await freePort();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  line = await openLine(port);
});
afterEach(async () => {
  await line.close();
  server.close();
});

async function call(): Promise<{ socket: Socket; answered: () => string; closed: () => boolean }> {
  const socket = connect(line.port, '127.0.0.1');
  let answered = '';
  let closed = false;
  socket.on('data', (data) => {
    answered += data;
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    closed = true;
  });
  await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve));
  return { socket, answered: () => answered, closed: () => closed };
}

async function eventually(holds: () => boolean): Promise<void> {
  await vi.waitFor(() => expect(holds()).toBe(true), { timeout: 5_000, interval: 10 });
}

describe('a line', () => {
  it('carries everything while it is well, and the end too', async () => {
    const caller = await call();
    caller.socket.write('hello');
    await eventually(() => caller.answered() === 'HELLO');
    caller.socket.end();
    await eventually(() => heard[0]?.ended === true && caller.closed());
  });

  it('that is slow carries everything later', async () => {
    line.become({ toServer: { kind: 'delay', ms: 200 }, toClient: pass });
    const caller = await call();
    const began = performance.now();
    caller.socket.write('hello');
    await eventually(() => caller.answered() === 'HELLO');
    expect(performance.now() - began).toBeGreaterThan(190);
  });

  it('that is held up delivers late what was said, even by somebody who has left', async () => {
    const caller = await call();
    line.become({ toServer: { kind: 'hold' }, toClient: { kind: 'hold' } });
    caller.socket.write('hello');
    await pause(50);
    caller.socket.destroy();
    await pause(50);
    expect(heard[0]?.text ?? '').toBe('');
    line.heal();
    await eventually(() => heard[0]?.text === 'hello' && heard[0].ended);
  });

  it('that is half-open swallows everything, and what was open stays dead', async () => {
    const caller = await call();
    line.become({ toServer: { kind: 'lose' }, toClient: { kind: 'lose' } });
    caller.socket.write('hello');
    line.heal();
    caller.socket.write('again');
    const another = await call();
    another.socket.write('other');
    await eventually(() => another.answered() === 'OTHER');
    expect([caller.answered(), caller.closed(), heard[0]?.text]).toEqual(['', false, '']);
  });

  it('loses the answers alone when told so', async () => {
    line.become({ toServer: pass, toClient: { kind: 'lose' } });
    const caller = await call();
    caller.socket.write('hello');
    await eventually(() => heard[0]?.text === 'hello');
    await pause(50);
    expect(caller.answered()).toBe('');
  });

  it('cuts a message short and breaks the connection', async () => {
    const caller = await call();
    line.become({ toServer: { kind: 'truncate' }, toClient: pass });
    caller.socket.write('hello!');
    await eventually(() => caller.closed() && heard[0]?.ended === true);
    expect(heard[0]?.text).toBe('hel');
  });

  it('that is cut ends what is open and refuses what is new', async () => {
    const caller = await call();
    line.cut();
    await eventually(caller.closed);
    const another = await call();
    await eventually(another.closed);
    line.heal();
    const third = await call();
    third.socket.write('hello');
    await eventually(() => third.answered() === 'HELLO');
  });
});
