import { describeDefinitions, describeGates, describeVoteQueue } from '@voting/core/testing';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { ownRedis, type RedisServer, startRedis } from '../../../tests/servers/redis.ts';
import { type RedisCluster, startRedisCluster } from '../../../tests/servers/redis-cluster.ts';
import { openRedis } from './redis-under-test.ts';

describe('on one node', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server?.stop());

  for (const describeContract of [describeVoteQueue, describeGates, describeDefinitions]) {
    describeContract('redis, 1 partition', () => openQuietly(server.url));
    describeContract('redis, 4 partitions', () => openQuietly(server.url, { partitions: 4 }));
  }
});

// TEST_REDIS_URL names a single node.
describe.runIf(ownRedis)('on three nodes', () => {
  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = await startRedisCluster();
  });
  afterAll(() => cluster?.stop());

  for (const describeContract of [describeVoteQueue, describeGates, describeDefinitions]) {
    describeContract('redis cluster, 4 partitions', () =>
      openQuietly(cluster.url, { partitions: 4, cluster: true }),
    );
    describeContract('redis cluster, 1 partition', () => openQuietly(cluster.url, { cluster: true }));
  }
});

/** Nothing that the contract does is a reason to complain, nor is a busy machine. */
async function openQuietly(...[url, changes]: Parameters<typeof openRedis>): ReturnType<typeof openRedis> {
  const under = await openRedis(url, { deadlineMs: 20_000, ...changes });
  return {
    ...under,
    async close() {
      await under.close();
      expect(under.errors).toEqual([]);
    },
  };
}
