import { setTimeout as pause } from 'node:timers/promises';
import { type Act, nextStep, type Step } from './acts.ts';
import { checkUnmoved, type Doubts, noteFinal, rest } from './finality.ts';
import type { HostClient } from './host-client.ts';
import { type DrillPoll, type Polls, pathOf, visibilities } from './polls.ts';
import type { Random } from './random.ts';
import type { System } from './system.ts';

/** The host of one room, who does one thing after the other. */
export interface RoomHost {
  /** Runs the room until `stopped` aborts; resolves when what was begun is done and looked at. */
  run(stopped: AbortSignal): Promise<void>;
}

export interface RoomHostDeps {
  readonly client: HostClient;
  readonly system: System;
  readonly polls: Polls;
  readonly random: Random;
  readonly doubts: Doubts;
  /** Called when something is to be done, returns what is to be called when it is. */
  readonly begin: (act: Act) => (what: string) => void;
}

interface PollSeen {
  readonly id: string;
  readonly question: string;
  readonly state: 'draft' | 'open' | 'closed';
  readonly openings: number;
  readonly final: boolean;
  readonly closesAt: string | null;
  readonly revision: number;
}

interface RoomSeen {
  readonly on: string | null;
  readonly revision: number;
}

const betweenActsMs = [300, 2_000] as const;
const scheduleAheadMs = [1_000, 4_000] as const;
/** One draft in so many is to open a little after its host has opened it. */
const planned = 4;
const plannedAheadMs = 1_500;
const labels = ['Tea', 'Coffee', 'Water'];

export function createRoomHost(
  room: string,
  { client, system, polls, random, doubts, begin }: RoomHostDeps,
): RoomHost {
  const own: DrillPoll[] = [];

  function bring(
    poll: DrillPoll,
    isSo: (seen: PollSeen) => boolean,
    request:
      | { readonly method: 'POST' | 'PATCH'; readonly to?: string; readonly content?: object }
      | undefined,
  ): Promise<PollSeen | undefined> {
    const path = `/api/rooms/${room}/polls/${poll.id}`;
    return client.bring<PollSeen>(
      path,
      (seen) => seen !== undefined && isSo(seen),
      (seen) => request && { ...request, path: path + (request.to ?? ''), revision: seen?.revision },
    );
  }

  async function add(): Promise<DrillPoll> {
    const question = `What do you drink, for the ${own.length + 1}. time?`;
    // each of them once before chance decides
    const visibility = visibilities[own.length] ?? random.pick(visibilities);
    const opensAt =
      random.between(1, planned) === 1 ? new Date(Date.now() + plannedAheadMs).toISOString() : undefined;
    const path = `/api/rooms/${room}/polls`;
    const asked = ({ polls: all }: { readonly polls?: readonly PollSeen[] }) =>
      all?.find((poll) => poll.question === question);
    const seen = await client.bring<{ readonly polls?: readonly PollSeen[] }>(
      path,
      (list) => list !== undefined && asked(list) !== undefined,
      () => ({ method: 'POST', path, content: { question, options: labels, visibility, opensAt } }),
    );
    const poll = polls.add((asked(seen ?? {}) as PollSeen).id, room, visibility);
    own.push(poll);
    return poll;
  }

  async function open(poll: DrillPoll): Promise<void> {
    const again = poll.openings > 0;
    await checkUnmoved(poll, system, doubts);
    poll.ledger.opens();
    poll.final = undefined;
    poll.openings++;
    poll.phase = 'open';
    await bring(poll, ({ state, openings }) => state === 'open' && openings === poll.openings, {
      method: 'POST',
      to: again ? '/reopen' : '/open',
    });
  }

  async function close(poll: DrillPoll): Promise<void> {
    poll.phase = 'closing';
    await bring(poll, isClosed, { method: 'POST', to: '/close' });
    noteClosed(poll);
  }

  async function schedule(poll: DrillPoll): Promise<void> {
    const closesAt = new Date(Date.now() + random.between(...scheduleAheadMs)).toISOString();
    poll.phase = 'closing';
    await bring(poll, (seen) => seen.closesAt === closesAt || isClosed(seen), {
      method: 'PATCH',
      content: { closesAt },
    });
    await bring(poll, isClosed, undefined);
    noteClosed(poll);
  }

  function noteClosed(poll: DrillPoll): void {
    poll.ledger.closed();
    poll.phase = 'closed';
  }

  async function becomeFinal(poll: DrillPoll): Promise<void> {
    await bring(poll, ({ final }) => final, undefined);
  }

  async function see(poll: DrillPoll): Promise<void> {
    await becomeFinal(poll);
    await noteFinal(poll, system, doubts);
    poll.phase = 'final';
  }

  async function remove(poll: DrillPoll): Promise<void> {
    await checkUnmoved(poll, system, doubts);
    poll.phase = 'removed';
    poll.final = undefined;
    const path = `/api/rooms/${room}/polls/${poll.id}`;
    await client.bring<PollSeen>(
      path,
      (seen) => seen === undefined,
      (seen) => ({ method: 'DELETE', path, revision: seen?.revision }),
    );
    await rest(poll);
    poll.ledger.settle(new Map());
    poll.resting = false;
  }

  async function moveTo(poll: DrillPoll | undefined): Promise<void> {
    const path = `/api/rooms/${room}`;
    const on = poll?.id ?? null;
    await client.bring<RoomSeen>(
      path,
      (seen) => seen?.on === on,
      (seen) => ({ method: 'PATCH', path, content: { on }, revision: seen?.revision }),
    );
  }

  /** @returns with which poll it was */
  async function take(step: Step): Promise<DrillPoll | undefined> {
    if (step.act === 'moved on') {
      await moveTo(step.to);
      return step.to;
    }
    const poll = step.act === 'opened' ? await add() : step.poll;
    await treat(poll, step.act);
    return poll;
  }

  async function treat(poll: DrillPoll, act: Exclude<Act, 'moved on'>): Promise<void> {
    switch (act) {
      case 'opened':
      case 'opened again when final':
        return open(poll);
      case 'closed by hand':
        await close(poll);
        return see(poll);
      case 'closed by schedule':
        await schedule(poll);
        return see(poll);
      case 'opened again while the last votes were counted':
        await close(poll);
        return open(poll);
      case 'removed when final':
        return remove(poll);
      case 'removed at once when final':
        await close(poll);
        await becomeFinal(poll);
        return remove(poll);
    }
  }

  return {
    async run(stopped) {
      // however short the drill, each room has a poll
      for (let first = own.length === 0; first || !stopped.aborted; first = false) {
        const step = nextStep(own, random);
        const done = begin(step.act);
        const poll = await take(step);
        done(poll === undefined ? `/${room}` : pathOf(poll));
        await pause(random.between(...betweenActsMs), undefined, { signal: stopped }).catch(() => {});
      }
    },
  };
}

function isClosed({ state }: PollSeen): boolean {
  return state === 'closed';
}

export function describePoll(poll: DrillPoll): string {
  return `poll ${pathOf(poll)} (${poll.visibility}, opened ${poll.openings} times, ${poll.phase})`;
}
