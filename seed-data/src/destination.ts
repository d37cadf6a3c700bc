import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mainRoom, type Place } from './address.ts';

/** Where the votes go: into a poll that is made for them, or to a place that is there. */
export type Destination =
  | { readonly kind: 'own'; readonly host: URL; readonly key: string }
  | { readonly kind: 'place'; readonly place: Place };

type Environment = Readonly<Record<string, string | undefined>>;

interface Given {
  readonly room: string | undefined;
  readonly poll: string | undefined;
  /** Undefined when it is no address, which is a fault of its own. */
  readonly host: URL | undefined;
}

/** Reads where the votes shall go. Every fault found is added to `faults`, one sentence each. */
export function readDestination(
  { room, poll, host }: Given,
  env: Environment,
  faults: string[],
): Destination | undefined {
  if (poll !== undefined) return placeOf(room ?? mainRoom, poll, faults);
  if (room !== undefined) faults.push('--room: say with --poll in which poll of it, or --poll on.');
  const key = readKey(env, faults);
  return key === undefined || host === undefined ? undefined : { kind: 'own', host, key };
}

function placeOf(room: string, poll: string, faults: string[]): Destination {
  // what cannot be an id would be another address
  for (const [flag, id] of [
    ['room', room],
    ['poll', poll],
  ]) {
    if (!/^[a-z0-9-]{1,40}$/.test(id ?? '')) {
      faults.push(`--${flag}: ${JSON.stringify(id)} is no id; ids are of a to z, 0 to 9 and -.`);
    }
  }
  return { kind: 'place', place: { room, poll: poll === 'on' ? undefined : poll } };
}

/**
 * The key is no flag: everybody on the machine can read those. HOST_KEYS is what the host service itself reads, so that
 * whoever starts both, as Compose does, need not take it apart.
 */
function readKey(env: Environment, faults: string[]): string | undefined {
  const before = faults.length;
  const key = readSecret('HOST_KEY', env, faults);
  const [, first] = /^\s*[a-z0-9-]{1,40}:([^,\s]+)/.exec(readSecret('HOST_KEYS', env, faults) ?? '') ?? [];
  const made = key ?? first ?? keyOfOneProcess(env);
  if (made === undefined && faults.length === before) {
    faults.push(
      'HOST_KEY: missing, the key of a host. With it a poll is made for these votes; without one, --poll on votes in what is on.',
    );
  }
  // it travels in a header
  if (key !== undefined && !/^[!-~]+$/.test(key)) faults.push('HOST_KEY: it has characters that no key has.');
  return made;
}

/** The key that the product makes which runs in one process on this machine. */
function keyOfOneProcess({ DATA_DIR }: Environment): string | undefined {
  try {
    return readFileSync(join(DATA_DIR || './data', 'host-key'), 'utf8').trim() || undefined;
  } catch {
    // there is none, or it is another's
    return undefined;
  }
}

function readSecret(name: string, env: Environment, faults: string[]): string | undefined {
  const file = env[`${name}_FILE`];
  if (env[name]) return env[name];
  if (!file) return undefined;
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch (error) {
    faults.push(`${name}_FILE: the file cannot be read (${(error as Error).message}).`);
    return undefined;
  }
}
