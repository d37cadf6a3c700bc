import { Agent, get } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { definitionOfPoll, type HostedPoll } from '@voting/core';
import { createRedisAnnouncements, readRedisSettings } from '@voting/queue/redis';
import { pathOf } from './rooms.ts';

const atOnce = 4;
const lookEveryMs = 10;
const patienceMs = 20_000;

/**
 * Announces so many changed polls, and measures how long each takes until the last of these vote services shows it.
 *
 * @returns milliseconds, in ascending order; they are found out to within the time between two looks
 */
export async function timeChanges(
  redisUrl: string,
  services: readonly string[],
  polls: readonly HostedPoll[],
  count: number,
): Promise<readonly number[]> {
  const announcements = createRedisAnnouncements(readRedisSettings({ REDIS_URL: redisUrl }), () => {});
  const agent = new Agent({ keepAlive: true });
  const taken: number[] = [];
  let changed = 0;

  async function changeInTurn(first: number): Promise<void> {
    // nobody changes a poll of another, so that each knows which text is the newest
    let poll = polls[first] as HostedPoll;
    while (changed < count) {
      const question = `Changed for the ${++changed}th time?`;
      poll = { ...poll, question, revision: poll.revision + 1 };
      const start = performance.now();
      await announcements.definitions.post([definitionOfPoll(poll)]);
      await Promise.all(services.map((address) => shown(`${address}${pathOf(poll)}`, question, agent)));
      taken.push(performance.now() - start);
      // or all would be made right after an answer of the same look
      await pause(Math.random() * 300);
    }
  }

  try {
    await Promise.all(Array.from({ length: atOnce }, (_, first) => changeInTurn(first)));
  } finally {
    agent.destroy();
    announcements.close();
  }
  return taken.sort((one, other) => one - other);
}

async function shown(address: string, question: string, agent: Agent): Promise<void> {
  const until = performance.now() + patienceMs;
  while (!(await ask(address, agent)).includes(question)) {
    if (performance.now() > until) throw new Error(`${address} does not show ${question}`);
    await pause(lookEveryMs);
  }
}

function ask(address: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(address, { agent, headers: { accept: 'application/json' } }, (answer) => {
      let body = '';
      answer.setEncoding('utf8');
      answer.on('data', (part) => {
        body += part;
      });
      answer.on('end', () => resolve(body));
    });
    request.on('error', reject);
  });
}
