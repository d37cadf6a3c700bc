import { deadLetterStream, parseRedisUrl, streamNames } from '@voting/queue/redis';
import { describe, expect, it } from 'vitest';
import { partitionOf } from '../src/redis/streams.ts';

describe('the address of Redis', () => {
  it.each([
    ['redis://localhost', { host: 'localhost', port: 6379 }],
    ['redis://[::1]:7000/0', { host: '::1', port: 7000 }],
    ['redis://:p%40ss@redis:6380', { host: 'redis', port: 6380, password: 'p@ss' }],
    ['rediss://user:p@redis', { host: 'redis', port: 6379, username: 'user', password: 'p', tls: {} }],
  ])('is read from %s', (url, expected) => {
    expect(parseRedisUrl(url)).toEqual(expected);
  });

  it.each(['', 'localhost:6379', 'http://localhost', 'redis://', 'redis://:secret@localhost/1'])(
    'is not read from %j, and the refusal keeps the password to itself',
    (url) => {
      expect(() => parseRedisUrl(url)).toThrow(/^must be redis:\/\/(?!.*secret)/);
    },
  );
});

describe('partitions', () => {
  it('keeps its names, which deployments and monitoring rely on', () => {
    expect(streamNames({ stream: 'votes', partitions: 1 })).toEqual(['votes']);
    expect(streamNames({ stream: 'votes', partitions: 2 })).toEqual(['votes:{0}', 'votes:{1}']);
    expect(deadLetterStream('votes')).toBe('votes:dead');
    expect(deadLetterStream('votes:{1}')).toBe('votes:{1}:dead');
  });

  it('sends a voter to the same partition for ever', () => {
    expect(['v1', 'v2', 'AAAAAAAAAAAAAAAAAAAAAA', 'v3'].map((voter) => partitionOf(voter, 4))).toEqual([
      0, 3, 0, 2,
    ]);
  });

  it('spreads the voters evenly', () => {
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 40_000; i++) {
      const partition = partitionOf(`voter-${i}`, 4);
      counts[partition] = (counts[partition] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });
});
