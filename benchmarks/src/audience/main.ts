import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';

/**
 * Many viewers in one process, which look at each update only for its time. Speaks just enough of
 * Socket.IO's protocol to be a viewer: a full client for each would need more than the server.
 */
const { values } = parseArgs({
  options: {
    url: { type: 'string', default: '' },
    viewers: { type: 'string', default: '5000' },
    seconds: { type: 'string', default: '10' },
  },
});
const viewers = Number(values.viewers);
const atOnce = 100;
/** By the time of an update: who has it, and after how many milliseconds. */
const arrivals = new Map<string, number[]>();
let bytes = 0;
let watching = false;
let hangUps = 0;

function watch(): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = new WebSocket(values.url, { perMessageDeflate: false });
  socket.on('error', reject);
  socket.on('close', () => hangUps++);
  socket.on('open', () => {
    if (!values.url.includes('socket.io')) resolve();
  });
  socket.on('message', (data: Buffer) => {
    const text = data.toString('latin1');
    if (text === '2') socket.send('3');
    else if (text.startsWith('0')) socket.send('40');
    else if (text.startsWith('40')) resolve();
    else if (watching) arrived(text);
  });
  return promise;
}

function arrived(text: string): void {
  const stamp = /"updatedAt":"([^"]+)"/.exec(text)?.[1];
  if (stamp === undefined) return;
  bytes = text.length;
  const latency = Date.now() - Date.parse(stamp);
  const known = arrivals.get(stamp);
  if (known === undefined) arrivals.set(stamp, [latency]);
  else known.push(latency);
}

for (let opened = 0; opened < viewers; opened += atOnce) {
  await Promise.all(Array.from({ length: Math.min(atOnce, viewers - opened) }, watch));
}
process.stdout.write('watching\n');
await pause(1_000);
watching = true;
await pause(Number(values.seconds) * 1_000);
watching = false;

// the first and the last update may have been on their way when the watch began and ended
const updates = [...arrivals.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).slice(1, -1);
const latencies = Float64Array.from(updates.flatMap(([, times]) => times)).sort();
process.stdout.write(
  `${JSON.stringify({
    updates: updates.length,
    missed: updates.reduce((sum, [, times]) => sum + viewers - times.length, 0),
    hangUps,
    bytes,
    p50: latencies[Math.floor(latencies.length * 0.5)] ?? 0,
    p99: latencies[Math.floor(latencies.length * 0.99)] ?? 0,
  })}\n`,
);
process.exit(0);
