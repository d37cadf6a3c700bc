import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { letPhonesAsk } from './phones.ts';

const { values } = parseArgs({
  options: {
    target: { type: 'string', default: 'http://127.0.0.1:8080/' },
    phones: { type: 'string', default: '10000' },
    connections: { type: 'string', default: '5000' },
  },
});
const target = new URL(values.target);
const tag = await tagOf(target);

const asking = await letPhonesAsk(
  { target, phones: Number(values.phones), connections: Number(values.connections) },
  tag,
);
// until the first of every phone has come
await new Promise((resolve) => setTimeout(resolve, 3_000));
const { user, system } = process.cpuUsage();
asking.began();
process.stdout.write('asking\n');
// until whoever has started this says that it is enough
process.stdin.resume();
await once(process.stdin, 'end');
const spent = process.cpuUsage({ user, system });
process.stdout.write(
  `${JSON.stringify({ ...asking.end(), processorSeconds: (spent.user + spent.system) / 1e6 })}\n`,
);

/** A service that is busy may not know for a moment what is on. */
async function tagOf(page: URL): Promise<string> {
  for (let tries = 1; ; tries++) {
    const { headers, status } = await fetch(page, { headers: { accept: 'application/json' } });
    const tag = headers.get('etag');
    if (tag !== null) return tag;
    if (tries === 20) throw new Error(`${page} has no ETag (HTTP ${status})`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
