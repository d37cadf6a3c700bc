import { cp, mkdtemp, rm } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { storedVoter } from '@voting/store/stored-voter';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mountSmallDisk, type SmallDisk } from '../drill/src/small-disk.ts';
import { type FragileDisk, makeFragileDisk, whyNoFragileDisk } from './fragile-disk/fragile-disk.ts';
import { type Product, startProduct } from './product.ts';

/** Each death takes some seconds; `DEATHS=30` asks for more of them. */
const deaths = Number(process.env.DEATHS ?? 3);
const patience = { timeout: 60_000 + deaths * 60_000 };
/** Voters at a time, so at most so many votes are stored without their voters knowing. */
const connections = 64;

let place: string;
let product: Product | undefined;
/** Votes that were refused after they may have been written. */
let unsure: number;
beforeEach(async () => {
  unsure = 0;
  place = await mkdtemp(join(tmpdir(), 'voting-'));
});
afterEach(async () => {
  await product?.end('SIGKILL');
  product = undefined;
  await rm(place, { recursive: true, force: true });
});

/** Lets voters vote, ends the product's process in the middle, and says which votes were acknowledged. */
async function voteUntilKilled(): Promise<string[]> {
  const acknowledged: string[] = [];
  async function voteAgainAndAgain(): Promise<void> {
    for (let n = 0; ; n++) {
      const vote = 'ab'[n % 2] as string;
      const answer = await cast(vote).catch(() => undefined);
      if (answer === undefined) return;
      if (answer.status === 503) {
        // a busy machine; the vote may be stored, and nobody was told that it is
        unsure++;
        continue;
      }
      expect(answer.status).toBe(202);
      const [, voter] = /voter_id=([^.;]+)/.exec(answer.headers.get('set-cookie') ?? '') ?? [];
      acknowledged.push(`${storedVoter('main', String(voter))} ${vote}`);
    }
  }
  const voting = Promise.all(Array.from({ length: connections }, voteAgainAndAgain));
  await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(200), { timeout: 40_000 });
  await pause(Math.random() * 700);
  await product?.end('SIGKILL');
  await voting;
  return acknowledged;
}

/** A new voter's vote. */
function cast(vote: string): Promise<Response> {
  return fetch(String(product?.vote), {
    method: 'POST',
    body: new URLSearchParams({ vote }),
    headers: { accept: 'application/json' },
  });
}

/** Compares what a database holds with what was promised: none lost, none doubled, the tallies right. */
async function expectKept(data: string, acknowledged: ReadonlySet<string>, rounds: number): Promise<void> {
  const copy = join(place, 'copy');
  await rm(copy, { recursive: true, force: true });
  // looking at it mends it, and that is left to the product
  await cp(data, copy, { recursive: true });
  const database = new DatabaseSync(join(copy, 'votes.db'));
  expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
  const rows = database.prepare('SELECT id, vote FROM votes').all();
  const counted = database.prepare('SELECT vote, count(id) AS votes FROM votes GROUP BY vote ORDER BY vote');
  const tallied = database.prepare('SELECT option AS vote, votes FROM tallies ORDER BY option');
  expect(tallied.all()).toEqual(counted.all());
  database.close();
  const stored = new Set(rows.map(({ id, vote }) => `${id} ${vote}`));
  expect([...acknowledged].filter((vote) => !stored.has(vote))).toEqual([]);
  expect(stored.size - acknowledged.size).toBeLessThanOrEqual(rounds * connections + unsure);
}

/** Starts the product twice at the same moment on one folder. One gets it, and the other says so. */
async function startTwice(data: string): Promise<Product> {
  const starts = [startProduct({ DATA_DIR: data }), startProduct({ DATA_DIR: data })];
  const outcomes = await Promise.allSettled(starts);
  const started = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const [one] = started;
  if (one === undefined || started.length > 1) {
    await Promise.all(started.map((each) => each.end('SIGKILL')));
    throw new Error(`${started.length} of two have the folder: ${JSON.stringify(outcomes)}`);
  }
  const refused = outcomes.find((outcome) => outcome.status === 'rejected');
  expect(String(refused?.reason)).toContain('Another process is using this data folder.');
  return one;
}

it(
  `loses and doubles nothing when it is killed ${deaths} times, and started by two at once`,
  patience,
  async () => {
    const data = join(place, 'data');
    const acknowledged = new Set<string>();
    for (let round = 1; round <= deaths; round++) {
      product = await startTwice(data);
      for (const vote of await voteUntilKilled()) acknowledged.add(vote);
      await expectKept(data, acknowledged, round);
    }
    console.log(`killed ${deaths} times: ${acknowledged.size} votes acknowledged, all of them kept`);
  },
);

const whyNot = whyNoFragileDisk();
if (whyNot !== undefined) console.log(`Power failures and a read-only disk are not tested: ${whyNot}.`);

describe.skipIf(whyNot !== undefined)('on a disk that keeps only what was synced', () => {
  let disk: FragileDisk;
  beforeEach(async () => {
    disk = await makeFragileDisk();
  });
  afterEach(() => disk.remove());

  it(`loses and doubles nothing when the power fails ${deaths} times`, patience, async () => {
    const acknowledged = new Set<string>();
    // all that was not synced is gone, or is there, or each sector and name by chance
    const chances = [0, 1, 0.5];
    for (let round = 1; round <= deaths; round++) {
      product = await startProduct({ DATA_DIR: disk.folder, ...disk.env });
      for (const vote of await voteUntilKilled()) acknowledged.add(vote);
      const chance = chances[round % chances.length] as number;
      await disk.failPower({ survives: () => Math.random() < chance });
      await expectKept(disk.folder, acknowledged, round);
    }
    console.log(`power failed ${deaths} times: ${acknowledged.size} votes acknowledged, all of them kept`);
  });

  it('refuses votes while nothing can be written, and takes them again', { timeout: 120_000 }, async () => {
    product = await startProduct({ DATA_DIR: disk.folder, ...disk.env });
    await expectRefusedMeanwhile(
      () => disk.refuseWrites(constants.errno.EROFS),
      () => disk.allowWrites(),
    );
    await product.end('SIGTERM');
    await expectKept(disk.folder, new Set(), 1);
  });
});

describe('on a small disk', () => {
  let disk: SmallDisk | undefined;
  afterEach(() => disk?.remove());

  it('refuses votes while it is full, and takes them again', { timeout: 120_000 }, async ({ skip }) => {
    disk = await mountSmallDisk(8);
    if (disk === undefined) return skip('this user may not mount a small disk');
    const data = join(disk.dir, 'data');
    product = await startProduct({ DATA_DIR: data });
    await expectRefusedMeanwhile(disk.fill, disk.clear);
    await product.end('SIGTERM');
    await expectKept(data, new Set(), 1);
  });
});

async function expectRefusedMeanwhile(spoil: () => Promise<void>, mend: () => Promise<void>): Promise<void> {
  expect((await cast('a')).status).toBe(202);
  await spoil();
  await vi.waitFor(async () => expect((await cast('a')).status).toBe(503), { timeout: 30_000 });
  const refused = await cast('b');
  expect(refused.status).toBe(503);
  expect(refused.headers.has('retry-after')).toBe(true);
  expect(await refused.json()).toMatchObject({ error: { code: 'queue_unavailable' } });
  await mend();
  await vi.waitFor(async () => expect((await cast('b')).status).toBe(202), { timeout: 30_000 });
}
