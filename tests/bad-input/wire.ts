import { connect } from 'node:net';

/** Far longer than any answer takes; only a server that hangs reaches it. */
const patienceMs = 30_000;
/** As long as whoever has sent something waits for more of an answer. */
const silenceMs = 60;

export interface Exchange {
  /** What came back before the connection ended, one character a byte. */
  readonly received: string;
  /** Whether the server had to be given up. */
  readonly hung: boolean;
}

/**
 * Sends bytes over a connection of their own, and resolves when that has ended, however it does.
 *
 * @param leaves after a silence, as someone who waits for an answer, or without waiting for anything
 */
export function exchange(port: number, bytes: string, leaves: 'patiently' | 'at once'): Promise<Exchange> {
  return new Promise((resolve) => {
    let received = '';
    let hung = false;
    const socket = connect(port, '127.0.0.1').setEncoding('latin1');
    const leaving = setTimeout(() => socket.end(), silenceMs);
    const patience = setTimeout(() => {
      hung = true;
      socket.destroy();
    }, patienceMs);
    socket.on('data', (data) => {
      received += data;
      leaving.refresh();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(leaving);
      clearTimeout(patience);
      resolve({ received, hung });
    });
    socket.write(bytes, 'latin1', () => {
      if (leaves === 'at once') socket.resetAndDestroy();
    });
  });
}

/** Sends the head at once and then a byte at a time, until the server has had enough. */
export function drip(port: number, bytes: string): Promise<Exchange> {
  return new Promise((resolve) => {
    let received = '';
    let hung = false;
    const socket = connect(port, '127.0.0.1').setEncoding('latin1');
    const started = Math.max(0, bytes.length - 900);
    let at = started;
    socket.write(bytes.slice(0, started), 'latin1');
    const dripping = setInterval(() => socket.write(bytes.charAt(at++), 'latin1'), 400);
    const patience = setTimeout(() => {
      hung = true;
      socket.destroy();
    }, patienceMs);
    socket.on('data', (data) => {
      received += data;
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      clearInterval(dripping);
      clearTimeout(patience);
      resolve({ received, hung });
    });
  });
}

export function statusesIn(received: string): number[] {
  return [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
}

/** Does `count` things, so many at once. */
export async function inParallel(
  count: number,
  atOnce: number,
  one: (n: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (next < count) await one(next++);
    }),
  );
}
