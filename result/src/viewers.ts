import type { Server as HttpServer } from 'node:http';
import { isPassing, type Place } from '@voting/core';
import { pathOf, placeOf } from '@voting/pages';
import { Server } from 'socket.io';
import type { ResultsFeed } from './feed.ts';
import { followLines } from './lines.ts';
import type { ResultMetrics } from './metrics.ts';
import { type Results, scoresOf } from './results.ts';
import { boundSessions, type SessionsConfig } from './sessions.ts';
import { hangUp, type Viewer, type ViewerServer } from './viewer.ts';

/** The room of those who said `without=scores` when they came: for our own page an update is one message. */
const withoutScores = 'without scores';

/** Those who look at the same place. */
interface Audience {
  viewers: number;
  readonly stopFollowing: () => void;
}

/**
 * Sends the results to every viewer when it comes and whenever they change: of the main room, or of what `at` names when it comes,
 * the path of a page.
 */
export function attachViewers(
  http: HttpServer,
  config: SessionsConfig,
  { feed, metrics }: { readonly feed: ResultsFeed; readonly metrics: ResultMetrics },
) {
  const io: ViewerServer = new Server(http, {
    // pages of the example voting app know polling only; ours try it when WebSocket does not get through
    transports: ['websocket', 'polling'],
    // results are public and no cookie is read, so any page may show them
    cors: { origin: '*' },
    // a viewer's largest legitimate message is a ping
    maxHttpBufferSize: 4_096,
    connectTimeout: 10_000,
    // a viewer that hears nothing for longer than this no longer calls its numbers live
    pingInterval: 5_000,
  });
  boundSessions(io.engine, config);
  const audiences = new Map<string, Audience>();
  const lines = followLines(io, (viewer) => void tellAll(viewer));

  async function tellAll(viewer: Viewer): Promise<void> {
    const { place } = viewer.data;
    try {
      const [results, history] = await Promise.all([feed.at(place), feed.history(place)]);
      viewer.emit('results', results);
      const scores = viewer.rooms.has(withoutScores) ? undefined : scoresOf(results);
      if (scores !== undefined) viewer.emit('scores', scores);
      viewer.emit('history', history);
    } catch (error) {
      // it comes again by itself; but for what is gone, or never was
      if (isPassing(error)) hangUp(viewer.conn);
      else viewer.disconnect(true);
    }
  }

  function broadcast(room: string, results: Results, tallyChanged: boolean): void {
    const open = lines.open(room);
    open.emit('results', results);
    const scores = tallyChanged ? scoresOf(results) : undefined;
    if (scores !== undefined) open.except(withoutScores).emit('scores', scores);
    metrics.broadcast();
  }

  function assemble(place: Place, room: string): Audience {
    const stopFollowing = feed.follow(place, {
      results: (results, tallyChanged) => broadcast(room, results, tallyChanged),
      step: () =>
        void feed
          .history(place)
          .then((history) => lines.open(room).emit('history', history))
          // removed; its viewers were told so by its results
          .catch(() => {}),
    });
    return { viewers: 0, stopFollowing };
  }

  /** Makes a viewer one of those who are told of a place. */
  function seat(viewer: Viewer, place: Place): void {
    const room = `at ${pathOf(place)}`;
    const audience = audiences.get(room) ?? assemble(place, room);
    audiences.set(room, audience);
    audience.viewers++;
    viewer.join(room);
    viewer.once('disconnect', () => {
      if (--audience.viewers > 0) return;
      audience.stopFollowing();
      audiences.delete(room);
    });
  }

  io.on('connection', async (viewer) => {
    const { at = '/', without } = viewer.handshake.query;
    const place = placeOf(String(at));
    if (place === undefined) {
      viewer.disconnect(true);
      return;
    }
    viewer.data.place = place;
    if (without === 'scores') viewer.join(withoutScores);
    // the page of the example voting app listens for scores only after this
    viewer.emit('message', { text: 'Welcome!' });
    await tellAll(viewer);
    if (viewer.connected) seat(viewer, place);
  });
  metrics.viewers(() => io.engine.clientsCount);
  return {
    /** Sends every viewer away; they come back to another replica or to the next process. */
    close() {
      lines.stop();
      return io.close();
    },
  };
}
