import type { Results } from '@voting/result';
import { io } from 'socket.io-client';
import { whyImpossible } from './plausible.ts';
import type { Polls } from './polls.ts';

/** People who watch the results, and do not believe everything. */
export interface Viewers {
  /** How often somebody was shown something. */
  readonly updates: number;
  /** What was shown and could not be true, with the reason. */
  readonly impossible: readonly string[];
  /** What somebody is shown who is not shown what is expected in a room, live, right now; undefined when all are. */
  notSeeing(expected: (room: string) => Expected): string | undefined;
  close(): void;
}

/** What is to be seen at a place; `poll` is null when nothing is on. */
export type Expected = Pick<Results, 'poll' | 'stage' | 'total'> & {
  /** By option; undefined when it is hidden. */
  readonly tally: Readonly<Record<string, number>> | undefined;
};

interface Viewer {
  readonly room: string;
  latest: Results | undefined;
}

const inMain = [['websocket'], ['websocket'], ['websocket'], ['polling']];
const inRoom = [['websocket'], ['polling']];
const mostNotes = 20;

/** Opens the connection of the result pages several times, as browsers do, some of them without WebSocket. */
export function openViewers(address: string, rooms: readonly string[], polls: Polls): Viewers {
  const impossible: string[] = [];
  let updates = 0;

  function open(room: string, transports: string[]) {
    const viewer: Viewer = { room, latest: undefined };
    /** What this viewer was shown last of each poll, and how often that had been opened by then. */
    const before = new Map<string, { readonly results: Results; readonly openings: number }>();
    const query = room === 'main' ? {} : { at: `/${room}` };
    const socket = io(address, { transports, query, forceNew: true, reconnectionDelayMax: 1_000 });
    socket.on('results', (results: Results) => {
      viewer.latest = results;
      // before the first reading there is nothing to say, and the page says so
      if (results.poll === null || results.updatedAt === null) return;
      updates++;
      const poll = polls.get(results.poll);
      const why = whyImpossible(results, poll, before.get(results.poll));
      for (const reason of why) note(`in room ${room}, poll ${results.poll}: ${reason}`);
      before.set(results.poll, { results, openings: poll?.openings ?? 0 });
    });
    // who is sent away for good by its server comes again as well
    socket.on('disconnect', (reason) => {
      if (reason === 'io server disconnect') socket.connect();
    });
    return { viewer, socket };
  }

  function note(what: string): void {
    if (impossible.length < mostNotes) impossible.push(what);
  }

  const all = [
    ...inMain.map((transports) => open('main', transports)),
    ...rooms.flatMap((room) => inRoom.map((transports) => open(room, transports))),
  ];
  return {
    get updates() {
      return updates;
    },
    impossible,
    notSeeing(expected) {
      for (const { viewer } of all) {
        const other = otherThan(expected(viewer.room), viewer.latest);
        if (other !== undefined) return `a viewer in ${viewer.room} ${other}`;
      }
      return undefined;
    },
    close() {
      for (const { socket } of all) socket.close();
    },
  };
}

/** In words how what is shown is not what is expected, live; undefined when it is. */
export function otherThan(expected: Expected, shown: Results | undefined): string | undefined {
  const { poll, stage, total, tally } = expected;
  const isShown =
    shown?.pipeline.state === 'live' &&
    shown.poll === poll &&
    shown.stage === stage &&
    shown.total === total &&
    shown.options.every(({ id, votes }) => votes === (tally === undefined ? null : (tally[id] ?? 0)));
  if (isShown) return undefined;
  return `is shown ${JSON.stringify(shown)}, but it is ${JSON.stringify(expected)}`;
}
