import type { Place } from '@voting/core';
import type { DefaultEventsMap, Server, Socket } from 'socket.io';
import type { History } from './history.ts';
import type { Results } from './results.ts';

interface ServerToViewer {
  message(greeting: { readonly text: string }): void;
  results(results: Results): void;
  scores(json: string): void;
  history(history: History): void;
}

/** Viewers have nothing to say: no event of theirs has a handler. */
type ViewerToServer = Record<string, never>;

interface ViewerData {
  /** What the viewer looks at. */
  place: Place;
}

export type ViewerServer = Server<ViewerToServer, ServerToViewer, DefaultEventsMap, ViewerData>;
export type Viewer = Socket<ViewerToServer, ServerToViewer, DefaultEventsMap, ViewerData>;
/** What a viewer's packets come over, WebSocket or polling, before it has joined and after. */
export type Session = Viewer['conn'];

/** Emits as a WebSocket of the library that Engine.IO uses. */
interface WebSocket {
  on(event: 'ping', listener: () => void): void;
  terminate(): void;
}

/** Engine.IO keeps this to itself. Undefined for a viewer who polls. */
export function webSocketOf({ transport }: Pick<Session, 'transport'>): WebSocket | undefined {
  return (transport as unknown as { readonly socket?: WebSocket }).socket;
}

/** Ends a session at once: whoever does not read would not read a goodbye either. */
export function hangUp(session: Session): void {
  const webSocket = webSocketOf(session);
  session.close(true);
  webSocket?.terminate();
}
