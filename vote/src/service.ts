import { isPassing } from '@voting/core';
import { createRedisDirectory, createRedisQueue, readRedisSettings } from '@voting/queue/redis';
import {
  createPatience,
  createRegistry,
  createTroubles,
  type Environment,
  InvalidSettings,
  isOneOfSeveral,
  listen,
  logSettings,
  type Opened,
  openOpsServer,
  openProcesses,
  opsSettings,
  pageSettings,
  readSettings,
  reportToFirst,
  shutdownSettings,
  variables,
  wholeNumber,
} from '@voting/runtime';
import { openTracing, readTracingSettings } from '@voting/tracing';
import { createVoteMetrics } from './metrics.ts';
import { createVoteServer } from './server.ts';
import { readVoterSecret, readVoteSettings } from './settings.ts';

export type VoteServiceSettings = ReturnType<typeof readVoteServiceSettings>;

/** What the vote service needs when it runs by itself, before a Redis. */
export function readVoteServiceSettings(env: Environment) {
  return readSettings(env, {
    http: pageSettings(8080),
    ops: opsSettings,
    processes: variables({ VOTE_PROCESSES: wholeNumber(1, 64).prefault('1') }),
    vote: readVoteSettings,
    voterSecrets: requiredVoterSecrets,
    redis: readRedisSettings,
    tracing: readTracingSettings,
    log: logSettings('info'),
    shutdown: shutdownSettings(0),
  });
}

/** Replicas must agree on the key, so none may make up its own. */
function requiredVoterSecrets(env: Environment) {
  const { VOTER_SECRET } = readVoterSecret(env);
  if (VOTER_SECRET === undefined) {
    throw new InvalidSettings(['VOTER_SECRET: missing; the same random text for all vote services']);
  }
  return VOTER_SECRET;
}

/** Opens the vote service in this process, or in as many as `VOTE_PROCESSES` says, which share its port. */
export function openVote(settings: VoteServiceSettings, opened: Opened): Promise<void> {
  const { VOTE_PROCESSES } = settings.processes;
  return VOTE_PROCESSES > 1 && !isOneOfSeveral()
    ? openProcesses(VOTE_PROCESSES, settings.ops.OPS_PORT, opened)
    : openOne(settings, opened);
}

/**
 * Opens the vote service. It takes requests from when Redis has first answered; from then on it goes
 * on when Redis does not, because its own page tells voters more than no page would.
 */
async function openOne(settings: VoteServiceSettings, opened: Opened): Promise<void> {
  const { log, closing, readiness, stopping } = opened;
  const tracing = await openTracing(settings.tracing, 'vote', opened);
  const registry = createRegistry();
  readiness.set('queue', false);
  if (isOneOfSeveral()) reportToFirst(registry, opened);
  else await openOpsServer(settings.ops.OPS_PORT, registry, opened);

  const troubles = createTroubles(log);
  const onError = (error: Error) => troubles('no connection to Redis', error);
  const queue = createRedisQueue(settings.redis, onError);
  closing.add('queue', () => queue.close());
  const directory = createRedisDirectory(settings.redis, onError);
  closing.add('directory', () => directory.close());
  const server = createVoteServer(
    {
      voterSecrets: settings.voterSecrets,
      resultUrl: settings.vote.RESULT_URL,
      votesPerMinute: settings.vote.VOTES_PER_MINUTE,
      newVotersPerHour: settings.vote.NEW_VOTERS_PER_HOUR,
      trustProxy: settings.vote.TRUST_PROXY ?? false,
    },
    { queue, directory, metrics: createVoteMetrics(registry), tracing, log, stopping },
  );
  closing.add('vote server', () => server.close());

  const patiently = createPatience({ stopping, isPassing, log, readiness });
  await patiently('queue', () => Promise.all([queue.check(), directory.ready()]));
  const port = await listen(server, settings.http.PORT, 'PORT');
  log.info({ port }, 'taking votes');
}
