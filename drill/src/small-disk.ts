import { execFile } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startReaper } from '../../tests/servers/server-process.ts';

const run = promisify(execFile);
const blockBytes = 1024 * 1024;
const smallestBytes = 512;

/** A file system of its own that can be filled up. It lies in memory, so nothing else becomes full. */
export interface SmallDisk {
  readonly dir: string;
  /** Leaves not a byte free. */
  fill(): Promise<void>;
  /** Makes room again. */
  clear(): Promise<void>;
  remove(): Promise<void>;
}

/**
 * Mounts a tmpfs. It is gone when this process is, however that ends.
 *
 * @returns undefined where this user may not mount one
 */
export async function mountSmallDisk(megabytes: number): Promise<SmallDisk | undefined> {
  const dir = await mkdtemp(join(tmpdir(), 'voting-disk-'));
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'voting-drill', dir]);
  } catch {
    await rm(dir, { recursive: true });
    return undefined;
  }
  // the servers may run as another user
  await chmod(dir, 0o777);
  const reaper = startReaper(['umount', '--lazy', dir], dir);
  const filler = join(dir, 'filler');
  return {
    dir,
    async fill() {
      const file = openSync(filler, 'a');
      for (let bytes = blockBytes; bytes >= smallestBytes; bytes /= 2) writeUntilFull(file, bytes);
      closeSync(file);
    },
    clear: () => rm(filler, { force: true }),
    async remove() {
      await run('umount', ['--lazy', dir]);
      await rm(dir, { recursive: true, force: true });
      reaper.kill('SIGKILL');
    },
  };
}

function writeUntilFull(file: number, bytes: number): void {
  const block = Buffer.alloc(bytes);
  try {
    for (;;) writeSync(file, block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
