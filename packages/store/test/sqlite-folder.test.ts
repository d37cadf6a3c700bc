import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, open, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { openSqliteStore } from '@voting/store/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mountSmallDisk } from '../../../drill/src/small-disk.ts';

let place: string;
let folder: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'votes-'));
  folder = join(place, 'data');
});
afterEach(() => rm(place, { recursive: true, force: true }));

const file = () => join(folder, 'votes.db');
const votes = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    poll: 'main',
    voter: `v${n}`,
    option: 'a',
    sequence: BigInt(n + 1),
  }));

async function fill(count: number): Promise<void> {
  const store = await openSqliteStore(folder);
  await store.record(votes(count), 0);
  await store.close();
}

/** Stores votes in a process that is killed right after the answer. */
async function fillAndDie(count: number): Promise<void> {
  const program = `
    import { openSqliteStore } from '@voting/store/sqlite';
    const store = await openSqliteStore(${JSON.stringify(folder)});
    const votes = Array.from({ length: ${count} }, (_, n) => ({ poll: 'main', voter: 'v' + n, option: 'a', sequence: BigInt(n + 1) }));
    await store.record(votes, 0);
    process.kill(process.pid, 'SIGKILL');`;
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    cwd: import.meta.dirname,
  });
  await expect(run).rejects.toMatchObject({ signal: 'SIGKILL' });
}

async function tally() {
  const store = await openSqliteStore(folder);
  const { tallies } = await store.snapshot(['main']);
  await store.close();
  return tallies.get('main');
}

/** Overwrites the middle of the database. */
/** Where only votes are, which nothing looks at that opens the database. */
async function damage(): Promise<void> {
  const { size } = await stat(file());
  const length = 4 * 4096;
  const handle = await open(file(), 'r+');
  await handle.write(Buffer.alloc(length, 0x55), 0, length, size - length);
  await handle.close();
}

describe('a data folder', () => {
  it('keeps votes when the process is killed', async () => {
    await fillAndDie(1);
    expect(await tally()).toEqual({ a: 1 });
  });

  it('is made with those above it, and holds one file when it is not used', async () => {
    folder = join(place, 'not/yet/there');
    await fill(1);
    expect(await readdir(folder)).toEqual(['votes.db']);
    expect((await stat(folder)).mode & 0o077).toBe(0);
  });

  it('can be read by any SQLite tool when it is not used, with the time of casting', async () => {
    await fill(3);
    const database = new DatabaseSync(file(), { readOnly: true });
    expect(database.prepare('SELECT vote, COUNT(id) AS count FROM votes GROUP BY vote').all()).toEqual([
      { vote: 'a', count: 3 },
    ]);
    database.close();
  });

  it('goes on after a first start that was killed before there was a database', async () => {
    await mkdir(folder);
    await writeFile(file(), '');
    expect(await tally()).toEqual({});
  });

  it('is refused in one sentence, at once, where no folder can be', async () => {
    await writeFile(join(place, 'file'), '');
    for (const unusable of [join(place, 'file/data'), join(place, 'file'), '/proc/nope']) {
      await expect(openSqliteStore(unusable)).rejects.toMatchObject({ code: 'data_folder_unusable' });
    }
  });

  it('is refused in one sentence where the disk is full', async ({ skip }) => {
    const disk = await mountSmallDisk(1);
    if (disk === undefined) return skip('this user may not mount a small disk');
    try {
      await mkdir(join(disk.dir, 'data'));
      await disk.fill();
      await expect(openSqliteStore(join(disk.dir, 'data'))).rejects.toMatchObject({
        code: 'data_folder_full',
      });
      await disk.clear();
      await (await openSqliteStore(join(disk.dir, 'data'))).close();
    } finally {
      await disk.remove();
    }
  });

  it.each([
    ['gone, and the key of the voters is there', 'voter-secret', () => rm(file())],
    ['emptied, and the key of the voters is there', 'voter-secret', () => truncate(file())],
    ['gone, and was never closed', 'not-closed', () => rm(file())],
  ])('does not begin at zero when its database is %s', async (_how, trace, lose) => {
    await fill(1);
    await writeFile(join(folder, trace), 'x'.repeat(40));
    await lose();
    const before = await readdir(folder);
    await expect(openSqliteStore(folder)).rejects.toMatchObject({ code: 'data_folder_incomplete' });
    expect(await readdir(folder)).toEqual(before);
  });

  it('of a version that kept its votes in PGlite is refused and left alone', async () => {
    await mkdir(join(folder, 'postgres'), { recursive: true });
    await writeFile(join(folder, 'voter-secret'), 'x'.repeat(40));
    await expect(openSqliteStore(folder)).rejects.toMatchObject({ code: 'data_folder_outdated' });
    expect(await readdir(folder)).toEqual(['postgres', 'voter-secret']);
  });

  it('whose database is something else is refused and left alone', async () => {
    await mkdir(folder);
    const precious = 'Not a database. '.repeat(500);
    await writeFile(file(), precious);
    await expect(openSqliteStore(folder)).rejects.toMatchObject({ code: 'data_folder_damaged' });
    expect(await readFile(file(), 'utf8')).toBe(precious);
  });
});

describe('a damaged database', () => {
  it('is noticed at the start after a stop that was not orderly, and again at the next', async () => {
    await fill(5_000);
    await fillAndDie(5_000);
    await damage();
    for (let start = 1; start <= 2; start++) {
      await expect(openSqliteStore(folder)).rejects.toMatchObject({ code: 'data_folder_damaged' });
    }
  });

  it('is left as it is, byte for byte', async () => {
    await fill(5_000);
    await writeFile(join(folder, 'not-closed'), '');
    await damage();
    await cp(file(), join(place, 'before'));
    await expect(openSqliteStore(folder)).rejects.toMatchObject({ code: 'data_folder_damaged' });
    expect(Buffer.compare(await readFile(file()), await readFile(join(place, 'before')))).toBe(0);
  });
});
