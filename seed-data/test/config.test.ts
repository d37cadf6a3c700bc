import { describe, expect, it } from 'vitest';
import { InvalidConfig, readConfig } from '../src/config.ts';

function faultsOf(args: string[], env: Record<string, string> = {}): readonly string[] {
  try {
    readConfig(args, env);
    return [];
  } catch (error) {
    if (error instanceof InvalidConfig) return error.faults;
    throw error;
  }
}

describe('flags', () => {
  it('all have a default', () => {
    expect(readConfig([], {})).toMatchObject({
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
    expect(readConfig([...args.split(' '), '--acknowledged', 'file'], {})).toMatchObject({
      url: new URL('https://vote.example/poll'),
      plan: { total: 5 },
      concurrency: 2,
      rate: 0.5,
      retryMs: 1500,
      acknowledged: 'file',
    });
  });

  it('take the address from VOTE_URL unless --url is given', () => {
    const env = { VOTE_URL: 'http://vote' };
    expect(readConfig([], env)).toMatchObject({ url: new URL('http://vote') });
    expect(readConfig(['--url', 'http://other'], env)).toMatchObject({ url: new URL('http://other') });
    expect(readConfig([], { VOTE_URL: '' })).toMatchObject({ url: new URL('http://localhost:8080') });
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
