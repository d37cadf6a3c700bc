import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import { securityHeaders } from '@voting/runtime';
import { Server } from 'socket.io';
import type { ResultsFeed } from './feed.ts';
import type { History } from './history.ts';
import type { ResultMetrics } from './metrics.ts';
import { type Results, scoresOf } from './results.ts';

interface ServerToViewer {
  results(results: Results): void;
  scores(json: string): void;
  history(history: History): void;
}

/** Viewers have nothing to say: no event of theirs has a handler. */
type ViewerToServer = Record<string, never>;

/** Sends the results to every viewer when it comes and whenever they change. */
export function attachViewers(http: HttpServer, feed: ResultsFeed, metrics: ResultMetrics) {
  const io = new Server<ViewerToServer, ServerToViewer>(http, {
    transports: ['websocket', 'polling'],
    // results are public and no cookie is read, so any page may show them
    cors: { origin: '*' },
    // a viewer's largest legitimate message is a ping
    maxHttpBufferSize: 4_096,
    connectTimeout: 10_000,
    // a viewer that hears nothing for longer than this no longer calls its numbers live
    pingInterval: 5_000,
  });
  io.engine.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
    // Engine.IO answers other methods with 500, as if something were wrong on our side
    if (['GET', 'POST', 'OPTIONS'].includes(request.method ?? '')) next();
    else response.writeHead(405, { allow: 'GET, POST, OPTIONS' }).end();
  });
  io.on('connection', (viewer) => {
    const results = feed.current();
    viewer.emit('results', results);
    viewer.emit('scores', scoresOf(results));
    viewer.emit('history', feed.history());
  });
  feed.onChange((results, tallyChanged) => {
    io.emit('results', results);
    if (tallyChanged) io.emit('scores', scoresOf(results));
    metrics.broadcast();
  });
  feed.onStep((history) => io.emit('history', history));
  metrics.viewers(() => io.engine.clientsCount);
  return {
    /** Sends every viewer away; they come back to another replica or to the next process. */
    close: () => io.close(),
  };
}
