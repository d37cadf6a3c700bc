import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostedPoll, Vote } from '@voting/core';
import { createRedisQueue, readRedisSettings } from '@voting/queue/redis';
import type { Ledger } from '../load/electorate.ts';
import { createZipf } from '../load/zipf.ts';
import type { Measure, Scenario } from '../scenario.ts';
import { manyVotes, piecesOf } from '../stage/backlog.ts';
import { timeChanges } from '../stage/changes.ts';
import { makeRooms, pathOf } from '../stage/rooms.ts';
import { metric, processorSeconds, type RunningService, startReady } from '../stage/services.ts';
import { openStore } from '../stage/store.ts';
import { countedIn, drained, expectCounted, postgresFor, redisFor } from '../stage/stores.ts';
import { letVote } from '../stage/voters.ts';

const pollsInAll = 1_000;
const pollsOpen = 200;
const backlogVotes = 200_000;
const changes = 300;
const warmUpSeconds = 2;

/** Many rooms at once, against one vote with all of the voters. */
export const polls: Scenario = {
  name: 'polls',
  measures: `accepted votes a second over ${pollsOpen} open polls of ${pollsInAll.toLocaleString('en')}, by Zipf's law, and votes counted a second of a backlog of ${backlogVotes.toLocaleString('en')} over the same polls; how long a changed poll takes until both of two vote services show it`,
  ceiling: 'the same services and the same number of votes, all of them in one poll',

  async run({ rounds, seconds, size }, say) {
    await using stage = new AsyncDisposableStack();
    const [redis, postgres] = [await redisFor(stage), await postgresFor(stage)];
    const store = await openStore(stage, postgres.url);
    const open = await makeRooms(store, { polls: pollsInAll, open: pollsOpen });
    const paths = await pathsFile(stage, open);
    const env = { REDIS_URL: redis.url, DATABASE_URL: postgres.url };
    // makes all of it known, as after a restart
    const worker = stage.use(await startReady('worker', env));
    const vote = stage.use(await startReady('vote', env));
    const result = stage.use(await startReady('result', env));

    const ledgers: Ledger[] = [];
    async function accepted(options: Readonly<Record<string, string | number>>): Promise<Round> {
      const before = await processorSeconds(vote);
      const { acknowledged, seconds: took, ledger } = await letVote(vote.address, options);
      ledgers.push(ledger);
      return roundOf(acknowledged, took, (await processorSeconds(vote)) - before);
    }
    const accept: Rounds = { one: [], many: [] };
    // what accepting costs must not depend on what counting has to do
    worker.pause();
    for (const where of [{}, { paths }]) await accepted({ seconds: warmUpSeconds, ...where });
    for (let round = 1; round <= rounds; round++) {
      accept.one.push(await accepted({ seconds }));
      accept.many.push(await accepted({ seconds, paths }));
      say(
        `round ${round}: ${inWords(accept.many.at(-1))} accepted, in one poll ${inWords(accept.one.at(-1))}`,
      );
    }
    worker.resume();
    await drained(redis.client);

    const count = Math.ceil(backlogVotes * size);
    async function counted(pollOf: () => string): Promise<Round> {
      const { votes, tally } = manyVotes(count, pollOf);
      ledgers.push({ voters: 0, tally });
      worker.pause();
      await append(redis.url, votes);
      const start = performance.now();
      worker.resume();
      const before = await processorSeconds(worker);
      await drained(redis.client);
      const took = (performance.now() - start) / 1_000;
      return roundOf(count, took, (await processorSeconds(worker)) - before);
    }
    const draw = createZipf(open.length);
    const drain: Rounds = { one: [], many: [] };
    await counted(() => 'main');
    for (let round = 1; round <= rounds; round++) {
      drain.one.push(await counted(() => 'main'));
      drain.many.push(await counted(() => open[draw()]?.id as string));
      say(`round ${round}: ${inWords(drain.many.at(-1))} counted, in one poll ${inWords(drain.one.at(-1))}`);
    }
    const totals = expectCounted(await countedIn(postgres.url), ledgers);
    const memory = {
      vote: await memoryOf(vote),
      worker: await memoryOf(worker),
      result: await memoryOf(result),
    };

    const second = stage.use(await startReady('vote', env));
    const services = [vote.address, second.address];
    const taken = await timeChanges(redis.url, services, open, Math.max(20, Math.ceil(changes * size)));
    const at = (share: number) => taken[Math.min(taken.length - 1, Math.floor(taken.length * share))] ?? 0;
    return {
      measures: [
        ...measuresOf('accepted votes', 'vote', accept),
        ...measuresOf('counted votes', 'worker', drain),
        { what: 'a change until it is shown, median', unit: 'ms', ours: [at(0.5)], ceiling: [] },
        {
          what: 'a change until it is shown, 99th percentile',
          unit: 'ms',
          ours: [at(0.99)],
          ceiling: [],
          goal: { of: 'value', atMost: 1_000 },
        },
        ...Object.entries(memory).map(([name, mebibytes]) => ({
          what: `memory of ${name} after that`,
          unit: 'MiB',
          ours: [mebibytes],
          ceiling: [],
        })),
      ],
      totals,
      notes: [`${taken.length} changes, looked for every 10 ms`],
    };
  },
};

interface Round {
  /** Votes a second. */
  readonly rate: number;
  /** Processor time of the service for a vote, in microseconds: a busy machine changes it less than the rate. */
  readonly cost: number;
}

interface Rounds {
  readonly one: Round[];
  readonly many: Round[];
}

function roundOf(votes: number, seconds: number, spent: number): Round {
  return { rate: votes / seconds, cost: (spent / votes) * 1e6 };
}

function inWords(round: Round | undefined): string {
  return `${round?.rate.toFixed(0)} a second at ${round?.cost.toFixed(1)} µs`;
}

function measuresOf(what: string, service: string, { one, many }: Rounds): readonly Measure[] {
  return [
    {
      what,
      unit: 'a second',
      ours: many.map(({ rate }) => rate),
      ceiling: one.map(({ rate }) => rate),
      goal: { of: 'ratio', atLeast: 0.9 },
    },
    {
      what: `${what}, processor time of ${service}`,
      unit: 'µs a vote',
      ours: many.map(({ cost }) => cost),
      ceiling: one.map(({ cost }) => cost),
    },
  ];
}

async function pathsFile(stage: AsyncDisposableStack, open: readonly HostedPoll[]): Promise<string> {
  const folder = stage.adopt(await mkdtemp(join(tmpdir(), 'voting-paths-')), (made) =>
    rm(made, { recursive: true }),
  );
  const file = join(folder, 'paths');
  await writeFile(file, open.map(pathOf).join('\n'));
  return file;
}

async function append(url: string, votes: readonly Vote[]): Promise<void> {
  const queue = createRedisQueue(readRedisSettings({ REDIS_URL: url }), () => {});
  for (const piece of piecesOf(votes, 2_000)) await Promise.all(piece.map((vote) => queue.append(vote)));
  await queue.close();
}

/** Resident, in MiB. */
async function memoryOf({ ops }: RunningService): Promise<number> {
  return (await metric(ops, 'process_resident_memory_bytes')) / 2 ** 20;
}
