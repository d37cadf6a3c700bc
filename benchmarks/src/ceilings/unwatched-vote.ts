import { createRedisDirectory, createRedisQueue, readRedisSettings } from '@voting/queue/redis';
import { createLog } from '@voting/runtime';
import { createVoteServer } from '@voting/vote';

/** The vote service as it is, but nobody counts or times anything. */
const settings = readRedisSettings(process.env);
const onError = (error: Error) => {
  throw error;
};
const queue = createRedisQueue(settings, onError);
const directory = createRedisDirectory(settings, onError);
const server = createVoteServer(
  {
    voterSecrets: ['a secret that only the benchmarks use'],
    resultUrl: undefined,
    votesPerMinute: undefined,
    newVotersPerHour: undefined,
    trustProxy: false,
  },
  {
    queue,
    directory,
    metrics: { accepted() {}, voterNew() {}, rejected() {}, answered() {} },
    log: createLog('vote', 'silent'),
  },
);
server.get('/processor-seconds', async () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
});
await Promise.all([queue.check(), directory.ready()]);
await server.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
process.stdout.write('ready\n');
