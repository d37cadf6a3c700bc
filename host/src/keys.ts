import { hash, timingSafeEqual } from 'node:crypto';
import { type Environment, InvalidSettings, text, variables } from '@voting/runtime';

/** With what a host, or a program of theirs, proves who they are. */
export interface HostKey {
  /** Who did what is logged by it. */
  readonly name: string;
  readonly key: string;
}

/** Shorter ones could be guessed. */
const shortestKey = 24;
/** A key travels in a header, so it is of visible ASCII; a comma ends it. */
const pattern = new RegExp(`^([a-z0-9-]{1,40}):([!-+\\--~]{${shortestKey},200})$`);

const readVariable = variables({ HOST_KEYS: text().optional() }, { secrets: ['HOST_KEYS'] });

/**
 * Reads `HOST_KEYS`: one or more `name:key`, separated by commas. Undefined when it is not set.
 *
 * @throws {InvalidSettings} that tells which of them is wrong, and never what it is
 */
export function readHostKeys(env: Environment): readonly HostKey[] | undefined {
  const parts = readVariable(env).HOST_KEYS?.split(',');
  if (parts === undefined) return undefined;
  const keys = parts.map((part) => {
    const [, name = '', key = ''] = pattern.exec(part.trim()) ?? [];
    return { name, key };
  });
  const faults = keys.flatMap(({ name, key }, i) => {
    if (key === '') {
      return [
        `HOST_KEYS: number ${i + 1} must be name:key, the name of a-z, 0-9 and -, the key at least ${shortestKey} characters`,
      ];
    }
    const isKnown = keys.slice(0, i).some((other) => other.name === name || other.key === key);
    return isKnown ? [`HOST_KEYS: number ${i + 1} has the name or the key of another`] : [];
  });
  if (faults.length > 0) throw new InvalidSettings(faults);
  return keys;
}

/** Who has a key; undefined when nobody does. How long that takes does not depend on what is presented. */
export function createKeyRing(keys: readonly HostKey[]): (presented: string) => string | undefined {
  const digests = keys.map(({ name, key }) => ({ name, digest: digestOf(key) }));
  return (presented) => {
    const digest = digestOf(presented);
    let holder: string | undefined;
    for (const known of digests) if (timingSafeEqual(known.digest, digest)) holder = known.name;
    return holder;
  };
}

function digestOf(key: string): Buffer {
  return hash('sha256', key, 'buffer');
}
