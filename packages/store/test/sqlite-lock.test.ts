import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openSqliteStore } from '@voting/store/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let folder: string;
let children: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'votes-'));
});
afterEach(async () => {
  await Promise.all(children.map(end));
  children = [];
  await rm(folder, { recursive: true });
});

/** Processes that all open the store at the same moment, and what each of them says about it. */
async function openAtOnce(count: number, data: string): Promise<string[]> {
  const program = join(import.meta.dirname, 'opener.ts');
  const lines = Array.from({ length: count }, () => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, data], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    children.push(child);
    return createInterface(child.stdout)[Symbol.asyncIterator]();
  });
  await Promise.all(lines.map((said) => said.next()));
  for (const { stdin } of children) stdin?.write('open\n');
  return Promise.all(lines.map(async (said) => (await said.next()).value ?? 'nothing'));
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((ended) => {
    if (child.exitCode !== null || child.signalCode !== null) return ended();
    child.once('exit', () => ended());
    child.kill('SIGKILL');
  });
}

describe('a data folder', () => {
  it.each([
    ['a new one', 'data'],
    ['one with a path of more than 100 characters', `${'long'.repeat(30)}`],
  ])('is had by one of 25 processes that start at once: %s', { timeout: 120_000 }, async (_which, name) => {
    const outcomes = await openAtOnce(25, join(folder, name));
    expect(outcomes.filter((outcome) => outcome === 'in')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'data_folder_in_use')).toHaveLength(24);
  });

  it('is had by one of 25 when it was left by a process that was killed', { timeout: 120_000 }, async () => {
    const data = join(folder, 'data');
    expect(await openAtOnce(1, data)).toEqual(['in']);
    await Promise.all(children.map(end));
    children = [];
    const outcomes = await openAtOnce(25, data);
    expect(outcomes.filter((outcome) => outcome === 'in')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'data_folder_in_use')).toHaveLength(24);
  });

  it('is had once in a process, and again when it is given back', async () => {
    await mkdir(join(folder, 'data'));
    const store = await openSqliteStore(join(folder, 'data'));
    await expect(openSqliteStore(join(folder, 'data'))).rejects.toMatchObject({ code: 'data_folder_in_use' });
    await store.close();
    await (await openSqliteStore(join(folder, 'data'))).close();
  });
});
