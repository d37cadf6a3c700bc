import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProduct } from '../../../tests/product.ts';
import type { Scenario } from '../scenario.ts';
import { startCeiling } from '../stage/program.ts';
import { expectCounted } from '../stage/stores.ts';
import { type LoadReport, letVote } from '../stage/voters.ts';

/** The whole product in one process: a vote is answered when it is counted. */
export const embedded: Scenario = {
  name: 'embedded',
  measures: 'accepted and counted votes a second: one process, SQLite on disk, 64 keep-alive connections',
  ceiling: 'a bare node:http server that reads the same body and answers',

  async run({ rounds, seconds }, say) {
    await using stage = new AsyncDisposableStack();
    const bare = stage.use(await startCeiling('bare-http.ts'));
    const folder = await mkdtemp(join(tmpdir(), 'voting-bench-'));
    stage.defer(() => rm(folder, { recursive: true, force: true }));
    const product = await startProduct({ DATA_DIR: join(folder, 'data'), LOG_LEVEL: 'warn' });
    stage.defer(async () => {
      await product.end('SIGTERM');
    });

    const rate = ({ acknowledged, seconds: took }: LoadReport) => acknowledged / took;
    const all = [await letVote(product.vote, { seconds: 2 })];
    await letVote(`http://127.0.0.1:${bare.port}/`, { seconds: 2 });
    const ours: number[] = [];
    const ceiling: number[] = [];
    for (let round = 1; round <= rounds; round++) {
      ceiling.push(rate(await letVote(`http://127.0.0.1:${bare.port}/`, { seconds })));
      const own = await letVote(product.vote, { seconds });
      all.push(own);
      ours.push(rate(own));
      say(`round ${round}: ${ours.at(-1)?.toFixed(0)} of ${ceiling.at(-1)?.toFixed(0)} a second`);
    }

    const totals = expectCounted(
      await shown(product.result, all),
      all.map(({ ledger }) => ledger),
    );
    const goal = { of: 'ratio', atLeast: 0.45 } as const;
    return {
      measures: [{ what: 'accepted and counted votes', unit: 'a second', ours, ceiling, goal }],
      totals,
      notes: [],
    };
  },
};

/** What the result page shows once it has caught up with the last vote. */
async function shown(address: string, reports: readonly LoadReport[]): Promise<Record<string, number>> {
  const voters = reports.reduce((sum, { ledger }) => sum + ledger.voters, 0);
  for (;;) {
    const answer = await fetch(`${address}/api/results`);
    const { total, options } = (await answer.json()) as {
      total: number;
      options: { id: string; votes: number }[];
    };
    if (total >= voters) return Object.fromEntries(options.map(({ id, votes }) => [id, votes]));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
