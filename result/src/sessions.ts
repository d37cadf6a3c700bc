import type { IncomingMessage, ServerResponse } from 'node:http';
import { VotingError } from '@voting/core';
import { refusalAsJson, refusalOf } from '@voting/pages';
import { createClientNetwork, createPlaces, securityHeaders } from '@voting/runtime';
import { hangUp, type Session, type ViewerServer, webSocketOf } from './viewer.ts';

export interface SessionsConfig {
  /** Addresses whose X-Forwarded-For is believed. */
  readonly trustProxy: string | false;
  /**
   * Sessions of viewers who poll, for which no connection has to be held. One takes some 30 kB, and a poller
   * usually soon has a WebSocket.
   */
  readonly mostPollers: number;
}

/** A handshake is followed by a second request at once. */
const followWithinMs = 5_000;
/** Packets that a viewer may send between two pings: joining and a pong, and room for a page that says more. */
const mostPackets = 20;

/** Bounds what viewers can cost: in number, in what they say, and for those who come and do nothing. */
export function boundSessions(
  engine: ViewerServer['engine'],
  { trustProxy, mostPollers }: SessionsConfig,
): void {
  const network = createClientNetwork(trustProxy);
  const pollers = createPlaces<Session>({
    most: mostPollers,
    idleAfterMs: Number.POSITIVE_INFINITY,
    giveUp: hangUp,
  });

  engine.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
    // Engine.IO answers other methods with 500, as if something were wrong on our side
    if (!['GET', 'POST', 'OPTIONS'].includes(request.method ?? '')) {
      response.writeHead(405, { allow: 'GET, POST, OPTIONS' }).end();
    } else if (isPollingHandshake(request.url) && !pollers.hasPlaceFor(network(request))) {
      const { status, headers, body } = refusalAsJson(refusalOf(new VotingError('too_many_viewers')));
      response.writeHead(status, headers).end(body);
    } else next();
  });

  engine.on('connection', (session: Session) => {
    boundTalk(session);
    if (session.transport.name === 'polling') boundPoller(session);
  });

  function boundPoller(session: Session): void {
    if (!pollers.take(session, network(session.request))) {
      hangUp(session);
      return;
    }
    const unfollowed = setTimeout(() => hangUp(session), followWithinMs);
    session.once('packet', () => clearTimeout(unfollowed));
    session.once('upgrade', () => pollers.leave(session));
    session.once('close', () => {
      clearTimeout(unfollowed);
      pollers.leave(session);
    });
  }
}

/** Hangs up on a viewer who talks: each packet costs time, and none has a meaning beyond the first few. */
function boundTalk(session: Session): void {
  let packets = 0;
  const hear = () => {
    if (++packets > mostPackets) hangUp(session);
  };
  session.on('packet', hear);
  session.on('packetCreate', ({ type }) => {
    if (type === 'ping') packets = 0;
  });
  // these are answered below Engine.IO, which does not see them
  webSocketOf(session)?.on('ping', hear);
  session.once('upgrade', () => webSocketOf(session)?.on('ping', hear));
}

function isPollingHandshake(url = ''): boolean {
  const query = URL.parse(url, 'http://viewers')?.searchParams;
  return query?.get('transport') === 'polling' && !query.get('sid');
}
