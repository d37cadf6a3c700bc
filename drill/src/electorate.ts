import { setTimeout as pause } from 'node:timers/promises';
import { createHttpClient } from '@voting/seed-data/http-client';
import { type Ballot, createVoteClient, type Refusal, type VoteClient } from '@voting/seed-data/vote-client';
import { storedVoter } from '@voting/store/stored-voter';
import type { Outcome } from './ledger.ts';
import type { Pages } from './pages.ts';
import { type DrillPoll, declaredPoll, kindOf, options, type Polls, pathOf } from './polls.ts';
import type { Random } from './random.ts';
import { eventually } from './readiness.ts';
import type { Score } from './score.ts';
import type { System } from './system.ts';

/** People who vote again and again, in one poll and another, and change their minds. */
export interface Electorate {
  /** Lets them vote until `stop`, begun at the given rate. */
  start(): void;
  /** Resolves when nobody votes any more and no vote is under way. */
  stop(): Promise<void>;
  /** Sees to it that every service takes a vote in this poll, from somebody new. @throws when one does not in time */
  voteEverywhere(poll: DrillPoll): Promise<void>;
  close(): void;
}

export interface ElectorateConfig {
  /** Votes begun a second. */
  readonly rate: number;
}

export interface ElectorateDeps {
  readonly system: System;
  readonly polls: Polls;
  readonly rooms: readonly string[];
  readonly pages: Pages;
  readonly score: Score;
  readonly random: Random;
  /** Milliseconds since the start of the drill. */
  readonly now: () => number;
}

interface Voter {
  /** As the vote service knows them; the store has another id in each poll. */
  readonly id: string;
  readonly cookie: string;
}

interface Choice {
  readonly poll: DrillPoll;
  /** Undefined for whatever is on in the main room, which always is the same. */
  readonly ballot: Ballot | undefined;
}

interface Entrance {
  readonly name: string;
  readonly client: VoteClient;
  underWay: number;
}

/** How long a voter waits for an answer. */
const timeLimitMs = 4_000;
/** What the vote service asks for after it could not confirm a vote; also after no answer at all. */
const retryAfterMs = 2_000;
const connections = 256;
/** A service that so many wait for is left alone, as a load balancer would. */
const mostUnderWay = 400;
/** One vote in so many comes from somebody new. */
const newcomers = 50;
/** Of so many polls, the last ones, somebody has the address. */
const remembered = 15;
const tickMs = 10;
/** A stall of this program is caught up with for so long; more would be a flood. */
const slackMs = 100;

export function createElectorate(config: ElectorateConfig, deps: ElectorateDeps): Electorate {
  const { polls, rooms, pages, score, random, now } = deps;
  const main: Choice = { poll: polls.get(declaredPoll) as DrillPoll, ballot: undefined };
  const https = deps.system.votes.map(({ address }) =>
    createHttpClient({ url: new URL(address), connections, timeLimitMs }),
  );
  const entrances: Entrance[] = deps.system.votes.map(({ name }, i) => ({
    name,
    client: createVoteClient(https[i] as (typeof https)[0]),
    underWay: 0,
  }));
  const idle: Voter[] = [];
  const busy = new Set<Promise<unknown>>();
  let timer: NodeJS.Timeout | undefined;

  function start(): void {
    let next = performance.now();
    timer = setInterval(() => {
      const moment = performance.now();
      next = Math.max(next, moment - slackMs);
      for (; next < moment; next += 1000 / config.rate) begin();
    }, tickMs);
  }

  function begin(): void {
    const open = entrances.filter(({ underWay }) => underWay < mostUnderWay);
    const entrance = open[random.between(0, Math.max(0, open.length - 1))];
    if (entrance === undefined) {
      score.turnedAway();
      return;
    }
    const somebodyNew = idle.length === 0 || random.between(1, newcomers) === 1;
    const visit: Promise<unknown> = (somebodyNew ? enrol(entrance) : vote(takeIdle(), entrance)).finally(() =>
      busy.delete(visit),
    );
    busy.add(visit);
  }

  /** Half of them in the main room, most others in what is on somewhere, and some in a poll whose address they have. */
  function choose(): Choice {
    const roll = random.between(1, 100);
    const choice = roll <= 50 ? main : roll <= 85 ? onSomewhere() : byAddress();
    return choice === undefined || choice.poll.resting ? main : choice;
  }

  function onSomewhere(): Choice | undefined {
    const room = rooms[random.between(0, rooms.length - 1)] as string;
    const shown = pages.shown(room);
    const poll = polls.get(shown?.poll ?? '');
    return poll && { poll, ballot: { path: `/${room}`, shown } };
  }

  function byAddress(): Choice | undefined {
    const recent = polls.all.slice(1).slice(-remembered);
    const poll = recent[random.between(0, Math.max(0, recent.length - 1))];
    return poll && { poll, ballot: { path: pathOf(poll), shown: undefined } };
  }

  function takeIdle(): Voter {
    const index = random.between(0, idle.length - 1);
    const voter = idle[index] as Voter;
    const last = idle.pop() as Voter;
    if (last !== voter) idle[index] = last;
    return voter;
  }

  /** @returns how the first vote of the new voter ended; undefined when it was not cast */
  async function enrol(entrance: Entrance, choice = choose()): Promise<string | undefined> {
    const enrolment = await visiting(entrance, () => entrance.client.enrol());
    if (enrolment.kind === 'refused') return undefined;
    const id = /^voter_id=([^.]+)\./.exec(enrolment.cookie)?.[1] ?? '';
    return vote({ id, cookie: enrolment.cookie }, entrance, choice);
  }

  async function vote(
    voter: Voter,
    entrance: Entrance,
    { poll, ballot }: Choice = choose(),
  ): Promise<string | undefined> {
    // the ledger knows voters as the store does
    const id = storedVoter(poll.id, voter.id);
    const option = random.pick(options);
    const sentAt = now();
    poll.ledger.sending(id, option);
    const answer = await visiting(entrance, () => entrance.client.cast(option, voter.cookie, ballot));
    const endedAt = now();
    const outcome = answer.kind === 'accepted' ? 'acknowledged' : outcomeOf(answer);
    const reason = answer.kind === 'accepted' ? undefined : answer.reason;
    poll.ledger.ended(id, { option, through: entrance.name, sentAt, endedAt, outcome, reason });
    score.ended(kindOf(poll), outcome, reason, endedAt - sentAt);
    if (answer.kind === 'refused') {
      await pause(Math.max(answer.retryAfterMs, outcome === 'lost' ? retryAfterMs : 0));
    }
    idle.push(voter);
    return reason ?? outcome;
  }

  async function visiting<T>(entrance: Entrance, visit: () => Promise<T>): Promise<T> {
    entrance.underWay++;
    try {
      return await visit();
    } finally {
      entrance.underWay--;
    }
  }

  return {
    start,
    async stop() {
      clearInterval(timer);
      while (busy.size > 0) await Promise.all(busy);
    },
    async voteEverywhere(poll) {
      const choice = { poll, ballot: { path: pathOf(poll), shown: undefined } };
      for (const entrance of entrances) {
        await eventually(`${entrance.name} takes a vote in the open poll ${pathOf(poll)}`, async () => {
          const ended = await enrol(entrance, choice);
          return ended === 'acknowledged' ? undefined : `it ended as ${ended}`;
        });
      }
    },
    close() {
      for (const http of https) http.close();
    },
  };
}

function outcomeOf({ uncertain }: Refusal): Outcome {
  return uncertain ? 'lost' : 'refused';
}
