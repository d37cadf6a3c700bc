import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InvalidConfig, readConfig } from '../src/config.ts';

const withKey = { HOST_KEY: 'a-key-of-a-host-in-tests' };

function faultsOf(args: string[], env: Record<string, string> = {}): readonly string[] {
  try {
    readConfig(args, { ...withKey, ...env });
    return [];
  } catch (error) {
    if (error instanceof InvalidConfig) return error.faults;
    throw error;
  }
}

describe('flags', () => {
  it('all have a default', () => {
    expect(readConfig([], withKey)).toMatchObject({
      destination: { kind: 'own', host: new URL('http://localhost:8082'), key: withKey.HOST_KEY },
      url: new URL('http://localhost:8080'),
      plan: { total: 3000 },
      concurrency: 64,
      rate: undefined,
      retryMs: 0,
      acknowledged: undefined,
    });
  });

  it('are followed', () => {
    const args = '--url https://vote.example/poll --votes=c=5 --concurrency 2 --rate 0.5 --retry-seconds 1.5';
    expect(readConfig([...args.split(' '), '--acknowledged', 'file'], withKey)).toMatchObject({
      url: new URL('https://vote.example/poll'),
      plan: { total: 5 },
      concurrency: 2,
      rate: 0.5,
      retryMs: 1500,
      acknowledged: 'file',
    });
  });

  it('take the address from VOTE_URL unless --url is given', () => {
    const env = { ...withKey, VOTE_URL: 'http://vote' };
    expect(readConfig([], env)).toMatchObject({ url: new URL('http://vote') });
    expect(readConfig(['--url', 'http://other'], env)).toMatchObject({ url: new URL('http://other') });
    expect(readConfig([], { ...withKey, VOTE_URL: '' })).toMatchObject({
      url: new URL('http://localhost:8080'),
    });
  });

  it('give help whatever else they say', () => {
    expect(readConfig(['--help', '--rate', 'x', '--nonsense'], {})).toBe('help');
  });

  it.each([
    [['--vote', '--rate', '1'], '--vote is not a flag'],
    [['-x'], '-x is not a flag'],
    [['a=1'], '"a=1" belongs to no flag'],
    [['--rate'], '--rate needs a value'],
    [['--rate', '1', '--rate', '2'], '--rate is given more than once'],
    [['--rate', '0'], '--rate: "0" is not a number from'],
    [['--rate', '-5'], '--rate: "-5" is not a number from'],
    [['--concurrency', '1.5'], '--concurrency: "1.5" is not a whole number'],
    [['--concurrency', '0x10'], '--concurrency: "0x10" is not a whole number'],
    [['--retry-seconds', 'soon'], '--retry-seconds: "soon" is not a number'],
    [['--acknowledged', ''], '--acknowledged: the file name is empty'],
    [['--url', 'localhost:8080'], '--url: "localhost:8080" is not an address'],
    [['--host', 'ftp://host'], '--host: "ftp://host" is not an address like http://localhost:8082'],
    [['--room', 'hall'], '--room: say with --poll in which poll of it'],
    [['--poll', 'Lunch!'], '--poll: "Lunch!" is no id'],
    [['--poll', 'on', '--room', '../x'], '--room: "../x" is no id'],
    [['--url', ''], '--url: "" is not an address'],
    [['--url', 'http://me:secret@vote'], '--url: a user name or password'],
  ])('%j are refused in one sentence', (args, sentence) => {
    const faults = faultsOf(args);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(sentence);
  });

  it('are refused with every fault, naming the variable where it came from there', () => {
    const faults = faultsOf(['--votes', 'A=1', '--rate', 'x', '--turbo'], { VOTE_URL: 'ftp://vote' });
    expect(faults.map((fault) => fault.split(/[: ]/)[0])).toEqual([
      '--turbo',
      'VOTE_URL',
      '--votes',
      '--rate',
    ]);
  });
});

describe('where the votes go', () => {
  const destinationOf = (args: string[], env: Record<string, string> = {}) => {
    const config = readConfig(args, env);
    return config === 'help' ? undefined : config.destination;
  };
  const keyOf = (env: Record<string, string>) => {
    const destination = destinationOf([], env);
    return destination?.kind === 'own' ? destination.key : undefined;
  };

  it.each([
    [['--poll', 'on'], { room: 'main', poll: undefined }],
    [['--poll', 'on', '--room', 'hall'], { room: 'hall', poll: undefined }],
    [['--poll', 'lunch'], { room: 'main', poll: 'lunch' }],
    [['--poll', 'lunch', '--room', 'hall'], { room: 'hall', poll: 'lunch' }],
  ])('is with %j a place that is there, for which no key is needed', (args, place) => {
    expect(destinationOf(args)).toEqual({ kind: 'place', place });
  });

  it('is else where a host says, by HOST_URL unless --host is given', () => {
    const env = { ...withKey, HOST_URL: 'http://host' };
    expect(destinationOf([], env)).toMatchObject({ host: new URL('http://host') });
    expect(destinationOf(['--host', 'http://other'], env)).toMatchObject({ host: new URL('http://other') });
  });

  it('needs a key then, and says what to do without one', () => {
    expect(faultsOf([], { HOST_KEY: '', DATA_DIR: '/nowhere' })).toEqual([
      expect.stringMatching(/^HOST_KEY: missing.*--poll on/),
    ]);
    expect(faultsOf([], { HOST_KEY: 'with a space' })).toEqual([expect.stringMatching(/^HOST_KEY: /)]);
  });

  it('takes the key from a variable, from a file, or the first of those of the host service', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'seed-'));
    const file = join(folder, 'key');
    await writeFile(file, 'key-in-a-file\n');
    const keys = 'anna:the-key-of-anna:with-a-colon,ben:another';
    expect(keyOf({ HOST_KEY: 'plain', HOST_KEY_FILE: file, HOST_KEYS: keys })).toBe('plain');
    expect(keyOf({ HOST_KEY: '', HOST_KEY_FILE: file })).toBe('key-in-a-file');
    expect(keyOf({ HOST_KEYS: keys })).toBe('the-key-of-anna:with-a-colon');
    await writeFile(file, keys);
    expect(keyOf({ HOST_KEYS_FILE: file })).toBe('the-key-of-anna:with-a-colon');
    await rm(folder, { recursive: true });
    expect(faultsOf([], { HOST_KEY: '', HOST_KEY_FILE: file })).toEqual([
      expect.stringMatching(/^HOST_KEY_FILE: the file cannot be read/),
    ]);
  });
});
