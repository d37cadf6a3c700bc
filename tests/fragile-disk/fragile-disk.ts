import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFiles, type Failure } from './files.ts';

/** A folder of which a test knows what has been written and what of that is surely on the disk. */
export interface FragileDisk {
  readonly folder: string;
  /** What the process that uses the folder is started with. */
  readonly env: NodeJS.ProcessEnv;
  /** From now on nothing can be written; `error` is a number of the system, such as that of EROFS. */
  refuseWrites(error: number): Promise<void>;
  allowWrites(): Promise<void>;
  /**
   * Makes the folder what it may be after a power failure at the moment in which its process was killed: what was
   * not synced is there, or not, or in part, as `failure` says.
   */
  failPower(failure: Failure): Promise<void>;
  remove(): Promise<void>;
}

/** Why there is no fragile disk on this machine; undefined when there is. */
export function whyNoFragileDisk(): string | undefined {
  if (process.platform !== 'linux') return 'it needs LD_PRELOAD, and this is not Linux';
  try {
    execFileSync('cc', ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'there is no C compiler (cc)';
  }
}

/** Compiles what records a process, and makes an empty folder for the process to use. */
export async function makeFragileDisk(): Promise<FragileDisk> {
  const place = await mkdtemp(join(tmpdir(), 'voting-fragile-'));
  const folder = join(place, 'data');
  const log = join(place, 'log');
  const refusal = join(place, 'refusal');
  const library = join(place, 'record.so');
  const source = join(import.meta.dirname, 'record.c');
  execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl']);
  execFileSync('mkdir', [folder]);
  let before = filesIn(folder);

  return {
    folder,
    env: {
      LD_PRELOAD: library,
      FRAGILE_DISK: folder,
      FRAGILE_DISK_LOG: log,
      FRAGILE_DISK_REFUSAL: refusal,
    },
    refuseWrites: (error) => writeFile(refusal, String(error)),
    allowWrites: () => rm(refusal, { force: true }),
    async failPower(failure) {
      const files = createFiles(before);
      if (existsSync(log)) files.replay(await readFile(log), folder);
      before = files.afterPowerFailure(failure);
      for (const name of readdirSync(folder)) await rm(join(folder, name));
      for (const [name, content] of before) await writeFile(join(folder, name), content);
      await rm(log, { force: true });
    },
    remove: () => rm(place, { recursive: true, force: true }),
  };
}

function filesIn(folder: string): Map<string, Buffer> {
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
}
