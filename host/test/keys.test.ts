import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createKeyRing, readHostKeys } from '../src/keys.ts';
import { readHostServiceSettings } from '../src/service.ts';

const long = 'abcdefghijklmnopqrstuvwx';

function faultsOf(HOST_KEYS: string | undefined): readonly string[] {
  try {
    readHostKeys({ HOST_KEYS });
    return [];
  } catch (error) {
    return (error as { faults: readonly string[] }).faults;
  }
}

describe('HOST_KEYS', () => {
  it('has one or more names, each with a key', () => {
    expect(readHostKeys({ HOST_KEYS: `anna:${long}, stage-2:${long}:with=every+sign/` })).toEqual([
      { name: 'anna', key: long },
      { name: 'stage-2', key: `${long}:with=every+sign/` },
    ]);
  });

  it('may come from a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'host-keys-'));
    const file = join(folder, 'keys');
    await writeFile(file, `anna:${long}\n`);
    expect(readHostKeys({ HOST_KEYS_FILE: file })).toEqual([{ name: 'anna', key: long }]);
    await rm(folder, { recursive: true });
  });

  it.each([
    long,
    `Anna:${long}`,
    `:${long}`,
    'anna:too-short',
    `anna:${long.slice(1)}`,
    `anna:${long} with spaces`,
    `anna:${long}ü`,
    '',
  ])('is not %j, and a fault does not tell keys', (text) => {
    const faults = faultsOf(`ben:${long}2,${text}`);
    expect(faults).toEqual([expect.stringMatching(/^HOST_KEYS: number 2 must be name:key/)]);
  });

  it('has no name and no key twice, or nobody would know who it was', () => {
    const fault = 'HOST_KEYS: number 2 has the name or the key of another';
    expect(faultsOf(`anna:${long},anna:${long}2`)).toEqual([fault]);
    expect(faultsOf(`anna:${long},ben:${long}`)).toEqual([fault]);
  });

  it('is missed, and not to be one that everybody can read in production', () => {
    expect(readHostKeys({})).toBeUndefined();
    expect(() => readHostServiceSettings({})).toThrow(/HOST_KEYS: missing/);
    const env = { HOST_KEYS: `anna:local-only-${long}` };
    expect(readHostKeys(env)).toHaveLength(1);
    expect(() => readHostKeys({ ...env, NODE_ENV: 'production' })).toThrow(
      'still the one for trying things out',
    );
  });

  it('is reported together with all other faults of the service', () => {
    expect(() => readHostServiceSettings({ PORT: 'x', HOST_KEYS: 'short' })).toThrow(
      /HOST_KEYS: number 1[\s\S]*PORT: must be[\s\S]*REDIS_HOST: missing[\s\S]*POSTGRES_HOST: missing/,
    );
  });
});

describe('the ring of keys', () => {
  const holderOf = createKeyRing([
    { name: 'anna', key: long },
    { name: 'ben', key: `${long}2` },
  ]);

  it('tells whose key it is', () => {
    expect([holderOf(long), holderOf(`${long}2`)]).toEqual(['anna', 'ben']);
  });

  it.each(['', long.slice(1), `${long}3`, long.toUpperCase(), 'anna', `anna:${long}`])(
    'knows nobody with %j',
    (key) => {
      expect(holderOf(key)).toBeUndefined();
    },
  );
});
