import { globSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installFromDebian } from '../debian.ts';
import { redisRunsHere } from './find-redis.ts';

const library = '/usr/lib/*/faketime/libfaketime.so.1';

/** The clock on the wall of one process, which can be set to another time. */
export interface WallClock {
  /** What the process has to be started with. */
  readonly env: Readonly<Record<string, string>>;
  /** Sets it this much off the right time; 0 sets it right. */
  set(secondsOff: number): Promise<void>;
  remove(): Promise<void>;
}

/**
 * Makes a clock with libfaketime. Time that only runs forward (timers, `performance.now`) stays as it is.
 *
 * @returns undefined where there is no libfaketime and it cannot be installed
 */
export async function createWallClock(): Promise<WallClock | undefined> {
  const path = findLibrary();
  if (path === undefined) return undefined;
  const dir = await mkdtemp(join(tmpdir(), 'voting-clock-'));
  const file = join(dir, 'offset');
  const set = (secondsOff: number) => writeFile(file, `${secondsOff < 0 ? '' : '+'}${secondsOff}s\n`);
  await set(0);
  return {
    env: {
      // The C library once more, because its own memory allocation asks for no time: that of Redis does, and
      // libfaketime is not ready for the question then.
      LD_PRELOAD: `${path} libc.so.6`,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
    set,
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}

/** The same for a Redis server; undefined also where Redis runs in a container. */
export async function createRedisWallClock(): Promise<WallClock | undefined> {
  return redisRunsHere() ? createWallClock() : undefined;
}

function findLibrary(): string | undefined {
  const [found] = globSync(library);
  if (found !== undefined || !installFromDebian('libfaketime')) return found;
  return globSync(library)[0];
}
