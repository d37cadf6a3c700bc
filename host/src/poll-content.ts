import { definePoll, draftOf, type HostedPoll, type Poll, redefine, type Visibility } from '@voting/core';
import { InvalidContent } from './invalid-content.ts';

/** A poll as a host makes it. Times are Unix milliseconds; null and undefined for none. */
export interface PollDraft {
  readonly question: string;
  readonly labels: readonly string[];
  readonly visibility?: Visibility | undefined;
  readonly opensAt?: number | null | undefined;
  readonly closesAt?: number | null | undefined;
}

/** What is undefined stays. */
export interface PollChange extends Omit<PollDraft, 'question' | 'labels'> {
  readonly question?: string | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly place?: number | undefined;
}

/** @throws {InvalidPoll}, {@link InvalidContent} */
export function drafted(draft: PollDraft, id: string, room: string, place: number): HostedPoll {
  const poll = definePoll(id, draft.question, draft.labels);
  return planned(draftOf(poll, room, place), draft);
}

/** @throws {InvalidPoll}, {@link InvalidContent}, also as `poll_locked` */
export function revised(poll: HostedPoll, change: PollChange): HostedPoll {
  return planned({ ...poll, ...retold(poll, change) }, change);
}

function planned(poll: HostedPoll, { visibility, place, opensAt, closesAt }: PollChange): HostedPoll {
  const plan = {
    visibility: visibility ?? poll.visibility,
    place: place ?? poll.place,
    opensAt: opensAt === undefined ? poll.opensAt : (opensAt ?? undefined),
    closesAt: closesAt === undefined ? poll.closesAt : (closesAt ?? undefined),
  };
  if (plan.opensAt !== undefined && plan.closesAt !== undefined && plan.closesAt <= plan.opensAt) {
    throw new InvalidContent([{ path: 'closesAt', code: 'too_early' }]);
  }
  return { ...poll, ...plan };
}

/** Texts are free until a poll is opened; from then on votes may stand for them. */
function retold(poll: HostedPoll, { question, labels }: PollChange): Poll {
  const kept = poll.options.map(({ label }) => label);
  const told = definePoll(poll.id, question ?? poll.question, labels ?? kept);
  if (poll.openings === 0) return told;
  const outcome = redefine(poll, told);
  if ('change' in outcome) throw locked(outcome.change.path);
  if (told.options.length < kept.length) throw locked('options');
  return outcome;
}

function locked(path: string): InvalidContent {
  return new InvalidContent([{ path, code: 'locked' }], 'poll_locked');
}
