import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

export interface Gate {
  /** Returns whether the request may pass; when not, it has been answered. */
  readonly request: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** The same for one that asks for another protocol, and has nothing but its connection. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex) => boolean;
}

type Listener = (...args: unknown[]) => void;

/**
 * Puts `gate` before everybody who listens for the requests of `server`. Libraries that attach themselves
 * to a server put themselves first, so this comes when all of them have.
 */
export function closeGate(server: Server, gate: Gate): void {
  behind('request', gate.request as (...args: unknown[]) => boolean);
  if (server.listenerCount('upgrade') > 0) behind('upgrade', gate.upgrade as (...args: unknown[]) => boolean);

  function behind(event: 'request' | 'upgrade', passes: (...args: unknown[]) => boolean): void {
    const listeners = server.listeners(event) as Listener[];
    server.removeAllListeners(event);
    server.on(event, (...args: unknown[]) => {
      if (passes(...args)) for (const listener of listeners) listener.apply(server, args);
    });
  }
}
