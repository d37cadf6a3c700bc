import type { Results } from '@voting/result';
import { io } from 'socket.io-client';
import type { Ledger } from './ledger.ts';

/** People who watch the results, and do not believe everything. */
export interface Viewers {
  /** How often somebody was shown something. */
  readonly updates: number;
  /** What was shown and could not be true, with the reason. */
  readonly impossible: readonly string[];
  /** What somebody is shown who is not shown this tally, live, right now; undefined when all are. */
  notSeeing(tally: Readonly<Record<string, number>>): string | undefined;
  close(): void;
}

const transports = [['websocket'], ['websocket'], ['websocket'], ['polling']];
const mostNotes = 20;

/** Opens the result page's connection several times, as browsers do, one of them without WebSocket. */
export function openViewers(address: string, ledger: Ledger): Viewers {
  const latest: (Results | undefined)[] = transports.map(() => undefined);
  const impossible: string[] = [];
  let updates = 0;

  const sockets = transports.map((transport, viewer) => {
    const socket = io(address, { transports: transport, forceNew: true, reconnectionDelayMax: 1_000 });
    socket.on('results', (results: Results) => {
      // before the first reading there is nothing to say, and the page says so
      if (results.updatedAt === null) return;
      updates++;
      judge(results, latest[viewer]);
      latest[viewer] = results;
    });
    return socket;
  });

  function judge(shown: Results, before: Results | undefined): void {
    for (const { id, votes } of shown.options) {
      if (votes === null) continue;
      const most = ledger.mostVotes(id);
      if (votes > most) note(`${votes} votes for ${id} were shown when ${most} at most could have been cast`);
      if (votes < 0) note(`${votes} votes for ${id} were shown`);
    }
    const most = ledger.mostVoters;
    if (shown.total > most) note(`${shown.total} votes were shown when only ${most} had been cast`);
    if (before !== undefined && shown.total < before.total) {
      note(`${shown.total} votes were shown after ${before.total}`);
    }
  }

  function note(what: string): void {
    if (impossible.length < mostNotes) impossible.push(what);
  }

  return {
    get updates() {
      return updates;
    },
    impossible,
    notSeeing(tally) {
      const other = latest.findIndex((results) => !shows(results, tally));
      if (other === -1) return undefined;
      const [shown, votes] = [latest[other], tally].map((one) => JSON.stringify(one));
      return `a viewer is shown ${shown}, but the votes are ${votes}`;
    },
    close() {
      for (const socket of sockets) socket.close();
    },
  };
}

function shows(results: Results | undefined, tally: Readonly<Record<string, number>>): boolean {
  return (
    results?.pipeline.state === 'live' && results.options.every(({ id, votes }) => votes === (tally[id] ?? 0))
  );
}
