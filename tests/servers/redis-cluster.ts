import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from 'redis';
import { freePort } from './free-ports.ts';
import { type RedisServer, startRedis } from './redis.ts';

export interface RedisCluster {
  /** Any of the nodes; a client learns of the others from it. */
  readonly url: string;
  readonly port: number;
  readonly nodes: readonly RedisServer[];
  stop(): Promise<void>;
}

const slots = 16_384;
const size = 3;
const formingMs = 20_000;

const signs = ['cluster_state:ok', `cluster_slots_ok:${slots}`, `cluster_known_nodes:${size}`];

/** Resolves when the node knows all others and who holds which slot. */
async function formed(node: { sendCommand(args: string[]): Promise<unknown> }): Promise<void> {
  const until = Date.now() + formingMs;
  while (Date.now() < until) {
    const info = String(await node.sendCommand(['CLUSTER', 'INFO']));
    if (signs.every((sign) => info.includes(sign))) return;
    await pause(50);
  }
  throw new Error(`no cluster has formed in ${formingMs} ms`);
}

/** Starts three masters that share all hash slots, without replicas. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const busPorts = await Promise.all(Array.from({ length: size }, freePort));
  const nodes = await Promise.all(
    busPorts.map((busPort) =>
      startRedis({
        args: [
          ['--cluster-enabled', 'yes', '--cluster-port', String(busPort)],
          // A node that is killed is noticed soon, and the others go on without it.
          ['--cluster-node-timeout', '2000', '--cluster-require-full-coverage', 'no'],
        ].flat(),
      }),
    ),
  );
  const clients = await Promise.all(
    nodes.map(({ url }) =>
      createClient({ url })
        .on('error', () => {})
        .connect(),
    ),
  );
  try {
    for (const [index, client] of clients.entries()) {
      const from = Math.ceil((slots * index) / size);
      const to = Math.ceil((slots * (index + 1)) / size) - 1;
      await client.sendCommand(['CLUSTER', 'ADDSLOTSRANGE', String(from), String(to)]);
      const meeting = [String(nodes[0]?.port), String(busPorts[0])];
      if (index > 0) await client.sendCommand(['CLUSTER', 'MEET', '127.0.0.1', ...meeting]);
    }
    await Promise.all(clients.map((client) => formed(client)));
  } catch (error) {
    await Promise.all(nodes.map((node) => node.stop()));
    throw error;
  } finally {
    for (const client of clients) client.destroy();
  }
  const [first] = nodes as [RedisServer];
  return {
    url: first.url,
    port: first.port,
    nodes,
    stop: async () => {
      await Promise.all(nodes.map((node) => node.stop()));
    },
  };
}
