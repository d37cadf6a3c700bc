import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { networkOf } from './client-network.ts';
import { createPlaces } from './places.ts';

/** Who follows the connections of a server is told when one is used. */
export interface Connections {
  /** A request came over it. */
  used(socket: Socket): void;
  /** It became a WebSocket. */
  upgraded(socket: Socket): void;
}

/** Above what any request may take; a connection that is asked for nothing so long is only kept for later. */
const idleAfterMs = 15_000;

/**
 * Bounds the connections of `server`, so that a flood ends before the memory does. When they are short, the
 * address with the most gives one up, else the one that has been idle longest goes; when none is idle,
 * whoever comes is turned away.
 */
export function boundConnections(server: Server, most: number): Connections {
  const places = createPlaces<Socket>({ most, idleAfterMs, giveUp: (socket) => socket.destroy() });
  server.on('connection', (socket) => {
    if (places.take(socket, networkOf(socket.remoteAddress ?? ''))) {
      socket.once('close', () => places.leave(socket));
    } else socket.destroy();
  });
  return { used: places.use, upgraded: places.keep };
}
