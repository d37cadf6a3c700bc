import { createLedger, type Ledger } from './ledger.ts';

/** Who sees how the votes are spread, as hosts say it. */
export const visibilities = ['live', 'closed', 'host'] as const;
export type Visibility = (typeof visibilities)[number];

/**
 * Where a poll is, as far as its host can know. It is said here before what leads there is asked for, but for `closed` and
 * `final`, which are said when the answer is there: so nobody can be shown rightly what is not said here yet.
 */
export type Phase = 'draft' | 'open' | 'closing' | 'closed' | 'final' | 'removed';

/** A poll of the drill. */
export interface DrillPoll {
  readonly id: string;
  readonly room: string;
  /** Whether it was declared from outside: then no host touches it. */
  readonly declared: boolean;
  readonly visibility: Visibility;
  readonly ledger: Ledger;
  phase: Phase;
  /** How often its opening was asked for. */
  openings: number;
  /** Nobody votes in it for a moment, so that the answers to all that was sent are there. */
  resting: boolean;
  /** What was stored when it was seen to be final; undefined while it is not. */
  final: ReadonlyMap<string, string> | undefined;
}

/** All polls of a drill, those that were removed as well. */
export interface Polls {
  /** Takes note of a poll that is not open yet. */
  add(id: string, room: string, visibility: Visibility): DrillPoll;
  get(id: string): DrillPoll | undefined;
  readonly all: readonly DrillPoll[];
}

/** What the voters of the drill choose from. */
export const options = ['a', 'b', 'c'] as const;
/** The poll that is declared from outside, and stays on in the main room. */
export const declaredPoll = 'main';

export function createPolls(): Polls {
  const all: DrillPoll[] = [];
  const byId = new Map<string, DrillPoll>();

  function keep(poll: DrillPoll): DrillPoll {
    all.push(poll);
    byId.set(poll.id, poll);
    return poll;
  }

  const common = { resting: false, final: undefined };
  keep({
    ...common,
    id: declaredPoll,
    room: 'main',
    declared: true,
    visibility: 'live',
    ledger: createLedger(),
    phase: 'open',
    openings: 1,
  });
  return {
    add: (id, room, visibility) =>
      keep({
        ...common,
        id,
        room,
        declared: false,
        visibility,
        ledger: createLedger(),
        phase: 'draft',
        openings: 0,
      }),
    get: (id) => byId.get(id),
    all,
  };
}

export function pathOf({ room, id }: DrillPoll): string {
  return `/${room}/${id}`;
}

/** What it is called in the report. */
export function kindOf({ declared, visibility }: DrillPoll): string {
  if (declared) return 'declared, always on';
  return { live: 'shown live', closed: 'hidden until closed', host: 'for the host alone' }[visibility];
}
