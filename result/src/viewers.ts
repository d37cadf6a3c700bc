import type { Server as HttpServer } from 'node:http';
import { Server } from 'socket.io';
import type { ResultsFeed } from './feed.ts';
import { followLines } from './lines.ts';
import type { ResultMetrics } from './metrics.ts';
import { scoresOf } from './results.ts';
import { boundSessions, type SessionsConfig } from './sessions.ts';
import type { Viewer, ViewerServer } from './viewer.ts';

/** The room of those who said `without=scores` when they came: for our own page an update is one message. */
const withoutScores = 'without scores';

/** Sends the results to every viewer when it comes and whenever they change. */
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

  function tellAll(viewer: Viewer): void {
    const results = feed.current();
    viewer.emit('results', results);
    if (!viewer.rooms.has(withoutScores)) viewer.emit('scores', scoresOf(results));
    viewer.emit('history', feed.history());
  }

  const lines = followLines(io, tellAll);
  io.on('connection', (viewer) => {
    if (viewer.handshake.query.without === 'scores') viewer.join(withoutScores);
    // the page of the example voting app listens for scores only after this
    viewer.emit('message', { text: 'Welcome!' });
    tellAll(viewer);
  });
  feed.onChange((results, tallyChanged) => {
    const open = lines.open();
    open.emit('results', results);
    if (tallyChanged) open.except(withoutScores).emit('scores', scoresOf(results));
    metrics.broadcast();
  });
  feed.onStep((history) => lines.open().emit('history', history));
  metrics.viewers(() => io.engine.clientsCount);
  return {
    /** Sends every viewer away; they come back to another replica or to the next process. */
    close() {
      lines.stop();
      return io.close();
    },
  };
}
