import { randomBytes } from 'node:crypto';
import { sequenceAt } from '@voting/core';
import type { PostgresStore } from '@voting/store/postgres';
import type { Scenario } from '../scenario.ts';
import { type AudienceReport, letWatch } from '../stage/audience.ts';
import { startCeiling } from '../stage/program.ts';
import { metric, startReady } from '../stage/services.ts';
import { openStore } from '../stage/store.ts';
import { postgresFor } from '../stage/stores.ts';

const viewersAtFullSize = 5_000;
/** More often than the result service reads, so that every reading finds something new. */
const changeEveryMs = 40;

/** Many viewers of one result service, while the tallies change all the time. */
export const viewers: Scenario = {
  name: 'viewers',
  measures: '5,000 viewers on one result process, as many updates a second as it sends (ten at most)',
  ceiling: 'a bare ws server that sends the same bytes to as many sockets ten times a second',

  async run({ rounds, seconds, size }, say) {
    await using stage = new AsyncDisposableStack();
    const audience = Math.round(viewersAtFullSize * size);
    const postgres = await postgresFor(stage);
    const store = await openStore(stage, postgres.url);
    const votes = keepVoting(store);
    stage.defer(() => votes.stop());
    const result = stage.use(await startReady('result', { DATABASE_URL: postgres.url }));
    const url = `${result.address.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket&without=scores`;

    const ours: AudienceReport[] = [];
    const ceiling: AudienceReport[] = [];
    const memory: number[] = [];
    await letWatch(url, Math.ceil(audience / 10), 1);
    for (let round = 1; round <= rounds; round++) {
      const empty = await metric(result.ops, 'process_resident_memory_bytes');
      const own = await letWatch(url, audience, seconds, async () => {
        memory.push(((await metric(result.ops, 'process_resident_memory_bytes')) - empty) / audience / 1024);
      });
      if (own.missed > 0 || own.hangUps > 0) {
        throw new Error(`Viewers missed ${own.missed} updates, and ${own.hangUps} were cut off`);
      }
      ours.push(own);
      await using bare = await startCeiling('bare-broadcast.ts', { BYTES: String(own.bytes) });
      ceiling.push(await letWatch(`ws://127.0.0.1:${bare.port}/`, audience, seconds));
      say(`round ${round}: p99 ${own.p99} ms of ${ceiling.at(-1)?.p99} ms, ${own.updates} updates`);
    }

    return {
      measures: [
        {
          what: 'from reading an update to the viewer, 99th percentile',
          unit: 'ms',
          ours: ours.map(({ p99 }) => p99),
          ceiling: ceiling.map(({ p99 }) => p99),
          goal: { of: 'ratio', atMost: 2 },
        },
        {
          what: 'updates',
          unit: 'a second',
          ours: ours.map(({ updates }) => updates / seconds),
          ceiling: ceiling.map(({ updates }) => updates / seconds),
        },
        {
          what: 'memory for the first of these viewers',
          unit: 'KiB each',
          ours: memory.slice(0, 1),
          ceiling: [],
        },
      ],
      totals: `every update reached all ${audience.toLocaleString('en')} viewers, and none was cut off`,
      notes: [],
    };
  },
};

/** Stores one new vote after the other. */
function keepVoting(store: PostgresStore) {
  let stopped = false;
  const voting = (async () => {
    while (!stopped) {
      const vote = { poll: 'main', voter: randomBytes(16).toString('base64url'), option: 'a' };
      await store.record([{ ...vote, sequence: sequenceAt(Date.now(), 0) }], 0);
      await new Promise((resolve) => setTimeout(resolve, changeEveryMs));
    }
  })();
  return {
    async stop() {
      stopped = true;
      await voting;
    },
  };
}
