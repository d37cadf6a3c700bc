import {
  type Gate,
  type Gates,
  gateOf,
  type HostedPoll,
  isPollId,
  moved,
  type PollStore,
  type Tally,
  type VoteStore,
  VotingError,
} from '@voting/core';
import { randomPollId, underFreeId } from './free-id.ts';
import { drafted, type PollChange, type PollDraft, revised } from './poll-content.ts';
import { isChangedMeanwhile, type Seen, upToDate } from './revisions.ts';
import { findRoom } from './rooms.ts';

/** How a poll stands. The host sees it whoever else may. */
export interface Standing {
  readonly poll: HostedPoll;
  /** Only options that have ever been voted for. */
  readonly tally: Tally;
}

export interface Polls {
  /** Those of a room, in their order. @throws {VotingError} `room_unknown` */
  of(room: string): Promise<readonly HostedPoll[]>;
  /** @throws {VotingError} `poll_unknown` */
  poll(room: string, id: string): Promise<HostedPoll>;
  standing(room: string, id: string): Promise<Standing>;
  /** Adds a draft as the last of its room. @throws {VotingError} `room_unknown`; {@link InvalidContent}, `InvalidPoll` */
  add(room: string, draft: PollDraft): Promise<HostedPoll>;
  /**
   * @throws {VotingError} `poll_unknown`, `changed_meanwhile`, `poll_locked` for other texts than options that are added
   *   once it was opened; {@link InvalidContent}, `InvalidPoll`
   */
  change(room: string, id: string, change: PollChange, seen: Seen): Promise<HostedPoll>;
  /**
   * Opens a draft.
   *
   * @param show whether it is on in its room then
   * @throws {VotingError} `poll_unknown`, `changed_meanwhile`, `poll_state`
   */
  open(room: string, id: string, show: boolean, seen: Seen): Promise<HostedPoll>;
  /** The same for one that is closed. */
  reopen(room: string, id: string, show: boolean, seen: Seen): Promise<HostedPoll>;
  /**
   * Closes a poll, and leaves one that is closed: no vote is taken any more once this is fulfilled.
   *
   * @throws {VotingError} `queue_unavailable`, when nothing is changed in the store, although the queue may close it yet when
   *   it answers again: to be done again; `poll_unknown`, `changed_meanwhile`, `poll_state` for a draft
   */
  close(room: string, id: string, seen: Seen): Promise<HostedPoll>;
  /** @throws {VotingError} `poll_unknown`, `changed_meanwhile`, `poll_state` unless it is a draft or final */
  remove(room: string, id: string, seen: Seen): Promise<void>;
}

export interface PollsDeps {
  readonly store: PollStore & Pick<VoteStore, 'snapshot'>;
  readonly gates: Gates;
  readonly makeKnown: () => Promise<void>;
}

/** What hosts do with the polls of a room. */
export function createPolls({ store, gates, makeKnown }: PollsDeps): Polls {
  async function find(room: string, id: string): Promise<HostedPoll> {
    // what can be no id is not asked for: PostgreSQL would fail on some of it
    const poll = isPollId(id) ? await store.poll(id) : undefined;
    if (poll?.room !== room) throw new VotingError('poll_unknown', { detail: id });
    return poll;
  }

  async function putOn(poll: HostedPoll): Promise<void> {
    await upToDate(
      () => findRoom(store, poll.room),
      undefined,
      async (room) => {
        if (room.on !== poll.id) await store.keepRoom({ ...room, on: poll.id });
      },
    );
  }

  async function openFrom(
    state: 'draft' | 'closed',
    [room, id, show, seen]: Parameters<Polls['open']>,
  ): Promise<HostedPoll> {
    const opened = await upToDate(
      () => find(room, id),
      seen,
      async (poll) => {
        const open = moved(poll, 'open');
        if (poll.state !== state) throw new VotingError('poll_state', { detail: `${poll.state} → open` });
        // before it is open: when the store goes away between the two, it can be opened again
        if (show) await putOn(poll);
        return store.keepPoll(open);
      },
    );
    await makeKnown();
    return opened;
  }

  /** Keeps as closed what takes no votes any more, whatever else has become of it meanwhile. */
  async function keepClosed(poll: HostedPoll): Promise<HostedPoll> {
    try {
      return await store.keepPoll(poll);
    } catch (error) {
      if (!isChangedMeanwhile(error)) throw error;
    }
    const now = await find(poll.room, poll.id);
    // a worker was faster, or another host has even opened it again
    if (now.state === 'closed' || now.openings !== poll.openings) return now;
    return keepClosed(moved(now, 'closed'));
  }

  return {
    async of(room) {
      await findRoom(store, room);
      return store.polls(room);
    },
    poll: find,
    async standing(room, id) {
      // in this order, so that the votes of a poll that is final are all there
      const poll = await find(room, id);
      return { poll, tally: (await store.snapshot([id])).tallies.get(id) ?? {} };
    },
    async add(room, draft) {
      await findRoom(store, room);
      const place = Math.max(-1, ...(await store.polls(room)).map((poll) => poll.place)) + 1;
      const added = await underFreeId(randomPollId, (id) => store.keepPoll(drafted(draft, id, room, place)));
      await makeKnown();
      return added;
    },
    async change(room, id, change, seen) {
      const changed = await upToDate(
        () => find(room, id),
        seen,
        (poll) => store.keepPoll(revised(poll, change)),
      );
      await makeKnown();
      return changed;
    },
    open: (...args) => openFrom('draft', args),
    reopen: (...args) => openFrom('closed', args),
    async close(room, id, seen) {
      const closed = await upToDate(
        () => find(room, id),
        seen,
        async (poll) => {
          // as after a request that the queue took up late, when its host had been told to try again
          if (poll.state === 'closed') return poll;
          const over = moved(poll, 'closed');
          // the other way round, votes would be taken for a poll that is said to be closed
          await gates.post(gateOf(over) as Gate);
          return keepClosed(over);
        },
      );
      await makeKnown();
      return closed;
    },
    async remove(room, id, seen) {
      await upToDate(
        () => find(room, id),
        seen,
        (poll) => store.removePoll(poll),
      );
      await makeKnown();
    },
  };
}
