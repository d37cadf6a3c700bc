import { definePoll } from '@voting/core';
import { createRedisQueue, readRedisSettings } from '@voting/queue/redis';
import { createLog } from '@voting/runtime';
import { createVoteServer } from '@voting/vote';

/** The vote service as it is, but nobody counts or times anything. */
const queue = createRedisQueue(readRedisSettings(process.env), (error) => {
  throw error;
});
const server = createVoteServer(
  {
    poll: definePoll('main', 'Cats vs Dogs!', ['Cats', 'Dogs']),
    voterSecrets: ['a secret that only the benchmarks use'],
    resultUrl: undefined,
    votesPerMinute: undefined,
    newVotersPerHour: undefined,
    trustProxy: false,
  },
  {
    queue,
    metrics: { accepted() {}, voterNew() {}, rejected() {}, answered() {} },
    log: createLog('vote', 'silent'),
  },
);
server.get('/processor-seconds', async () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
});
await queue.check('main');
await server.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
process.stdout.write('ready\n');
