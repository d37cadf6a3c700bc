import {
  createKnownDefinitions,
  type KnownDefinitions,
  type Place,
  type PollStore,
  pollAt,
  type StoreChange,
  sameTally,
  type VoteStore,
  VotingError,
} from '@voting/core';
import { pathOf } from '@voting/pages';
import type { Log, Readiness, Troubles } from '@voting/runtime';
import { type History, historyBegins, historyOf, stepSeconds } from './history.ts';
import type { ResultMetrics } from './metrics.ts';
import type { Reading } from './pipeline-state.ts';
import { type Results, resultsOf, type Votes } from './results.ts';
import { type Follower, publish, type Screen } from './screen.ts';

export interface FeedDeps {
  readonly store: VoteStore & Pick<PollStore, 'definitions'>;
  readonly metrics: ResultMetrics;
  readonly readiness: Readiness;
  readonly log: Log;
  readonly troubles: Troubles;
}

/** The results of whatever somebody looks at, as they change. */
export interface ResultsFeed {
  /**
   * The results at a place: of the poll that is on in a room, or of one poll. What nobody has looked at lately is read first.
   *
   * @throws {VotingError} `room_unknown`, `poll_unknown`, or `store_unavailable` when that cannot be read now
   */
  at(place: Place): Promise<Results>;
  /** @throws {VotingError} as `at` does */
  history(place: Place): Promise<History>;
  /** Tells of every change at a place, until what is returned is called. */
  follow(place: Place, follower: Follower): () => void;
  stop(): Promise<void>;
}

/** At most ten broadcasts a second, whatever is voted. */
const readEveryMs = 100;
/** A change that was announced to nobody is on the screen after this long. */
const rereadAfterMs = 1_000;
/** How long somebody waits for what nobody has looked at. */
const firstReadingMs = 2_000;
/** After this nobody follows, what nobody looks at is not read any more. */
const idleMs = 60_000;

/**
 * Follows the store: first listens for changes, then reads, so that no change falls in between. Many
 * changes make one reading, of all polls together that somebody looks at. While the store does not answer, the last results
 * stand and grow old.
 */
export function createResultsFeed({ store, metrics, readiness, log, troubles }: FeedDeps): ResultsFeed {
  const screens = new Map<string, Screen>();
  const votes = new Map<string, Votes>();
  const timelines = new Map<string, ReadonlyMap<number, number>>();
  /** Of these the tally may have changed since it was read. */
  const changed = new Set<string>();
  /** What somebody looks at, as of the last reading. */
  let looked: ReadonlySet<string> = new Set();
  /** How many changes of definitions were heard of, and of how many of them the last reading knew. */
  const definitions = { heard: 1, read: 0 };
  let everythingAt = Number.NEGATIVE_INFINITY;
  let known: KnownDefinitions = createKnownDefinitions();
  let reading: Reading | undefined;
  let stopListening: (() => Promise<void>) | undefined;
  let answering = false;
  let stopped = false;
  let news = Promise.withResolvers<void>();
  let read = Promise.withResolvers<void>();

  function hear(change: StoreChange): void {
    if (change.of === 'tally') {
      if (!looked.has(change.poll)) return;
      changed.add(change.poll);
    } else {
      definitions.heard++;
      // so that what is final is never shown with numbers from before
      if (change.of === 'poll') changed.add(change.id);
      if (change.of === 'anything') everythingAt = Number.NEGATIVE_INFINITY;
    }
    news.resolve();
  }

  async function follow(): Promise<void> {
    while (!stopped) {
      const pause = delay(readEveryMs);
      try {
        stopListening ??= await store.onChange(hear);
        news = Promise.withResolvers<void>();
        await readNews();
        answersAgain();
      } catch (error) {
        doesNotAnswer(error);
      }
      await pause;
      await Promise.race([news.promise, delay(rereadAfterMs)]);
    }
  }

  async function readNews(): Promise<void> {
    const started = performance.now();
    const all = started - everythingAt >= rereadAfterMs;
    if (definitions.heard > definitions.read || all) await readDefinitions();
    looked = lookedAt();
    const polls = [...looked].filter((poll) => all || changed.has(poll) || !votes.has(poll));
    changed.clear();
    const { tallies, pipeline } = await store.snapshot(polls);
    metrics.queried((performance.now() - started) / 1000);
    reading = { pipeline, readAt: performance.now() };
    for (const [poll, tally] of tallies) {
      const before = votes.get(poll);
      const isSame = before !== undefined && sameTally(before.tally, tally);
      votes.set(poll, { tally, changedAt: isSame ? before.changedAt : new Date() });
    }
    for (const poll of looked) if (!timelines.has(poll)) await readTimeline(poll);
    if (all) everythingAt = started;
    read.resolve();
    read = Promise.withResolvers<void>();
    publishAll();
  }

  async function readDefinitions(): Promise<void> {
    const { heard } = definitions;
    const all = await store.definitions();
    known = createKnownDefinitions();
    for (const definition of all) known.learn(definition);
    definitions.read = heard;
  }

  async function readTimeline(poll: string): Promise<void> {
    timelines.set(poll, await store.timeline(poll, historyBegins(Date.now() / 1000)));
  }

  /** The polls that somebody looks at; what is known of others is forgotten. */
  function lookedAt(): ReadonlySet<string> {
    const now = performance.now();
    const polls = new Set<string>();
    for (const [key, { place, followers, usedAt }] of screens) {
      if (followers.size === 0 && now - usedAt > idleMs) screens.delete(key);
      else {
        const poll = pollAt(place, known);
        if (poll !== undefined) polls.add(poll.id);
      }
    }
    for (const memory of [votes, timelines]) {
      for (const poll of memory.keys()) if (!polls.has(poll)) memory.delete(poll);
    }
    return polls;
  }

  function resultsAt(place: Place): Results {
    const poll = pollAt(place, known);
    const room = known.room(place.room) ?? { id: place.room, title: '' };
    return resultsOf(room, poll, poll && votes.get(poll.id), reading, performance.now());
  }

  /** Called also as time alone changes the state. */
  function publishAll(): void {
    for (const screen of screens.values()) publish(screen, resultsAt(screen.place));
  }

  function screenAt(place: Place): Screen {
    const key = pathOf(place);
    let screen = screens.get(key);
    if (screen === undefined) {
      screen = { place, followers: new Set(), usedAt: 0, results: resultsAt(place) };
      screens.set(key, screen);
    }
    screen.usedAt = performance.now();
    return screen;
  }

  /** @throws {VotingError} as `at` of the feed does */
  async function knownScreen(place: Place): Promise<Screen> {
    const end = performance.now() + firstReadingMs;
    const areCurrent = () => definitions.read === definitions.heard;
    await readUntil(() => isThere(place) || areCurrent(), end);
    // before it is kept in mind, which whoever makes up places could otherwise fill
    if (!isThere(place)) throw areCurrent() ? notThere(place) : new VotingError('store_unavailable');
    const screen = screenAt(place);
    const isRead = () => {
      const poll = pollAt(place, known);
      return poll === undefined ? areCurrent() : votes.has(poll.id) && timelines.has(poll.id);
    };
    await readUntil(isRead, end);
    if (!isRead()) throw new VotingError('store_unavailable');
    publish(screen, resultsAt(place));
    return screen;
  }

  async function readUntil(isSo: () => boolean, end: number): Promise<void> {
    while (!isSo() && performance.now() < end) {
      news.resolve();
      await Promise.race([read.promise, delay(end - performance.now())]);
    }
  }

  function isThere(place: Place): boolean {
    return (
      known.room(place.room) !== undefined && (place.poll === undefined || pollAt(place, known) !== undefined)
    );
  }

  function notThere({ room, poll }: Place): VotingError {
    return known.room(room) === undefined
      ? new VotingError('room_unknown', { detail: room })
      : new VotingError('poll_unknown', { detail: poll });
  }

  async function step(): Promise<void> {
    try {
      for (const poll of timelines.keys()) await readTimeline(poll);
    } catch (error) {
      doesNotAnswer(error);
      return;
    }
    for (const { followers } of screens.values()) for (const { step: tell } of followers) tell();
  }

  /** Ready from the first reading on, and then also while the store is away: the last results are worth showing. */
  function answersAgain(): void {
    if (!answering) log.info('following the store');
    answering = true;
    readiness.set('store', true);
  }

  function doesNotAnswer(error: unknown): void {
    troubles('the store does not answer, showing what was last read', error);
    answering = false;
  }

  metrics.places(() => screens.size);
  readiness.set('store', false);
  const following = follow();
  const clock = setInterval(publishAll, 1_000);
  const steps = setInterval(() => void step(), stepSeconds * 1_000);

  return {
    at: async (place) => (await knownScreen(place)).results,
    async history(place) {
      await knownScreen(place);
      return historyOf(timelines.get(pollAt(place, known)?.id ?? '') ?? new Map(), Date.now() / 1000);
    },
    follow(place, follower) {
      const screen = screenAt(place);
      screen.followers.add(follower);
      return () => {
        screen.followers.delete(follower);
        screen.usedAt = performance.now();
      };
    },
    async stop() {
      stopped = true;
      clearInterval(clock);
      clearInterval(steps);
      news.resolve();
      await following;
      await stopListening?.();
    },
  };
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}
