import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostKey, keptSecret, voterSecret } from '../src/kept-secret.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voting-'));
  file = join(folder, 'voter-secret');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a secret that one process keeps', () => {
  it('is made once, for this user alone, and stays', async () => {
    const made = await keptSecret(folder, voterSecret);
    expect(made.length).toBeGreaterThanOrEqual(43);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await keptSecret(folder, voterSecret)).toBe(made);
    expect(await keptSecret(folder, hostKey)).not.toBe(made);
  });

  it.each([
    ['emptied', ''],
    ['cut short', 'abc'],
    ['all blanks', ' '.repeat(60)],
  ])('that was %s ends the start with a sentence, and is left alone', async (_how, content) => {
    await writeFile(file, content);
    await expect(keptSecret(folder, voterSecret)).rejects.toMatchObject({
      name: 'CannotStart',
      message: expect.stringContaining(`${file}, is damaged`),
    });
    expect(await readFile(file, 'utf8')).toBe(content);
  });

  it('that cannot be read ends the start too', async () => {
    // unreadable for everybody, root included
    await mkdir(file);
    await expect(keptSecret(folder, voterSecret)).rejects.toMatchObject({
      name: 'CannotStart',
      message: expect.stringContaining('cannot be read'),
    });
  });
});
