import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keptVoterSecret } from '../src/voter-secret.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'voting-'));
  file = join(folder, 'voter-secret');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the key of the voter cookies in one process', () => {
  it('is made once, for this user alone, and stays', async () => {
    const [made] = await keptVoterSecret(folder);
    expect(made.length).toBeGreaterThanOrEqual(43);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await keptVoterSecret(folder)).toEqual([made]);
  });

  it.each([
    ['emptied', ''],
    ['cut short', 'abc'],
    ['all blanks', ' '.repeat(60)],
  ])('that was %s ends the start with a sentence, and is left alone', async (_how, content) => {
    await writeFile(file, content);
    await expect(keptVoterSecret(folder)).rejects.toMatchObject({
      name: 'CannotStart',
      message: expect.stringContaining(`${file}, is damaged`),
    });
    expect(await readFile(file, 'utf8')).toBe(content);
  });

  it('that cannot be read ends the start too', async () => {
    // unreadable for everybody, root included
    await mkdir(file);
    await expect(keptVoterSecret(folder)).rejects.toMatchObject({
      name: 'CannotStart',
      message: expect.stringContaining('cannot be read'),
    });
  });
});
