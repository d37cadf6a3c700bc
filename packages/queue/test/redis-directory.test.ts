import { setTimeout as pause } from 'node:timers/promises';
import { type Definition, definitionOfPoll, type HostedPoll } from '@voting/core';
import { definitionsOf, openPoll } from '@voting/core/testing';
import { createRedisDirectory, type RedisDirectory } from '@voting/queue/redis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLine } from '../../../tests/servers/line.ts';
import { ownRedis, type RedisServer, startRedis } from '../../../tests/servers/redis.ts';
import { openRedis, type RedisUnderTest } from './redis-under-test.ts';

const lunch = openPoll('lunch', 'What shall we eat?', ['Pizza', 'Curry']);
const soon = { timeout: 15_000, interval: 20 };

// These kill, empty and cut off the server.
describe.runIf(ownRedis)('a directory when Redis fails', { timeout: 60_000 }, () => {
  let server: RedisServer;
  let under: RedisUnderTest;
  const directories: RedisDirectory[] = [];

  beforeEach(async () => {
    server = await startRedis();
    under = await openRedis(server.url);
    under.definitions = definitionsOf([openPoll()]);
  });
  afterEach(async () => {
    for (const directory of directories.splice(0)) await directory.close();
    await under.close();
    await server.stop();
  });

  async function open(port = under.config.port): Promise<RedisDirectory> {
    const directory = createRedisDirectory({ ...under.config, port }, () => {});
    directories.push(directory);
    await expect.poll(() => directory.ready().then(() => true), soon).toBe(true);
    return directory;
  }
  const post = (...polls: HostedPoll[]) =>
    under.announcements.definitions.post(polls.map((poll) => definitionOfPoll(poll)));
  const questionOf = (directory: RedisDirectory, id = 'lunch') => directory.poll(id)?.question;

  it('says that it may be behind while the line is dead, and knows what came meanwhile when it is back', async () => {
    const line = await openLine(server.port);
    const directory = await open(line.port);
    expect(directory.isCurrent).toBe(true);
    for (const fail of [
      () => line.cut(),
      () => line.become({ toServer: { kind: 'hold' }, toClient: { kind: 'hold' } }),
    ]) {
      fail();
      await expect.poll(() => directory.isCurrent, soon).toBe(false);
      const question = `Again ${Math.random()}?`;
      const revision = (directory.poll('lunch')?.revision ?? 0) + 1;
      await post({ ...lunch, question, revision });
      await pause(500);
      expect(questionOf(directory)).not.toBe(question);
      line.heal();
      await expect.poll(() => questionOf(directory), soon).toBe(question);
      await expect.poll(() => directory.isCurrent, soon).toBe(true);
    }
    await line.close();
  });

  it('keeps what it knew while Redis has lost it, and is current when a worker has made it known again', async () => {
    const directory = await open();
    await post(lunch);
    await expect.poll(() => questionOf(directory), soon).toBe(lunch.question);
    await under.raw('', 'FLUSHALL');
    await expect.poll(() => directory.isCurrent, soon).toBe(false);
    expect(questionOf(directory)).toBe(lunch.question);
    // it was removed, which nobody could be told
    const dinner = openPoll('dinner', 'And later?', ['Soup', 'Salad']);
    under.definitions = definitionsOf([dinner]);
    await under.consumer('first');
    await expect.poll(() => directory.isCurrent, soon).toBe(true);
    expect([questionOf(directory), questionOf(directory, 'dinner')]).toEqual([undefined, dinner.question]);
  });

  it('is told by the store when that has gone back, as after a restore, and so are the gates', async () => {
    const directory = await open();
    await post({ ...lunch, revision: 9 }, { ...openPoll('main', 'Newer?'), revision: 9 });
    await under.announcements.gates.post({
      poll: 'main',
      opening: 3,
      from: undefined,
      until: undefined,
      closed: true,
      revision: 9,
    });
    await expect.poll(() => questionOf(directory, 'main'), soon).toBe('Newer?');
    await expect(under.queue.append({ poll: 'main', voter: 'v1', option: 'a' })).rejects.toMatchObject({
      code: 'poll_closed',
    });
    under.definitions = definitionsOf([openPoll('main', 'Older?')]);
    await under.consumer('a worker that starts with it');
    await expect.poll(() => questionOf(directory, 'main'), soon).toBe('Older?');
    expect(questionOf(directory)).toBeUndefined();
    await expect
      .poll(
        () =>
          under.queue.append({ poll: 'main', voter: 'v1', option: 'a' }).then(
            () => 'taken',
            ({ code }) => code,
          ),
        soon,
      )
      .toBe('taken');
    // and what is newer than that reaches it as ever
    await post({ ...openPoll('main', 'Newest?'), revision: 2 });
    await expect.poll(() => questionOf(directory, 'main'), soon).toBe('Newest?');
  });

  it('leaves what the store knows as it is when another worker starts', async () => {
    const directory = await open();
    const closed: HostedPoll = { ...openPoll(), state: 'closed', revision: 2 };
    under.definitions = definitionsOf([closed]);
    await under.consumer('first');
    await expect.poll(() => directory.poll('main')?.state, soon).toBe('closed');
    const seal = await under.announcements.gates.post({
      poll: 'main',
      opening: 1,
      from: undefined,
      until: undefined,
      closed: true,
      revision: 2,
    });
    // the second has read the store before a host has changed the poll again
    const stale: readonly Definition[] = under.definitions;
    const reopened: HostedPoll = { ...closed, state: 'open', openings: 2, revision: 3 };
    under.readDefinitions = async () => {
      under.definitions = definitionsOf([reopened]);
      await post(reopened);
      return stale;
    };
    await under.consumer('second');
    await pause(2_500);
    expect(directory.poll('main')).toMatchObject({ state: 'open', revision: 3 });
    expect(seal).not.toContain(undefined);
  });

  it('follows a thousand changes a second from many hosts without missing one', async () => {
    const directory = await open();
    const polls = Array.from({ length: 50 }, (_, i) => openPoll(`poll-${i}`));
    for (let revision = 1; revision <= 40; revision++) {
      await Promise.all(polls.map((poll) => post({ ...poll, revision })));
    }
    await expect
      .poll(() => new Set(polls.map(({ id }) => directory.poll(id)?.revision)), soon)
      .toEqual(new Set([40]));
  });
});
