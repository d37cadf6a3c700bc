import { hangUp, type Viewer, type ViewerServer } from './viewer.ts';

export interface Lines {
  /** Those viewers in a room of the server who can be sent something now; the others are sent the newest when they can. */
  open(room: string): ReturnType<ViewerServer['except']>;
  stop(): void;
}

/** A room that nobody can join by asking: viewers have nothing to say. */
const behind = 'behind';
const lookEveryMs = 100;
/** A ping goes the way of all that was sent before it: as long as it is not answered, that may still be under way. */
const answerWithinMs = 1_000;
/** What a viewer is shown must not be older than the page itself would call live. */
const longestBehindMs = 10_000;

/**
 * Keeps what waits for a viewer to one update. Whoever does not take what is sent (a phone in a tunnel, or a
 * program that reads nothing) is left out, sent the newest when the line is free again, and sent away when
 * that takes too long.
 *
 * @param catchUp sends a viewer everything as it is now
 */
export function followLines(io: ViewerServer, catchUp: (viewer: Viewer) => void): Lines {
  /** When each was first found behind, in milliseconds of the monotonic clock. */
  const since = new Map<Viewer, number>();
  const pings = new Map<Viewer, number>();

  function isFree(viewer: Viewer): boolean {
    const pingedAt = pings.get(viewer);
    return (
      viewer.conn.transport.writable &&
      (pingedAt === undefined || performance.now() - pingedAt < answerWithinMs)
    );
  }

  io.on('connection', (viewer) => {
    viewer.conn.on('packetCreate', ({ type }) => {
      if (type === 'ping') pings.set(viewer, performance.now());
    });
    viewer.conn.on('heartbeat', () => pings.delete(viewer));
    viewer.once('disconnect', () => {
      pings.delete(viewer);
      since.delete(viewer);
    });
  });

  const look = setInterval(() => {
    for (const [viewer, from] of since) {
      if (isFree(viewer)) {
        since.delete(viewer);
        viewer.leave(behind);
        catchUp(viewer);
      } else if (performance.now() - from > longestBehindMs) hangUp(viewer.conn);
    }
  }, lookEveryMs);

  return {
    open(room) {
      for (const id of io.sockets.adapter.rooms.get(room) ?? []) {
        const viewer = io.sockets.sockets.get(id);
        if (viewer === undefined || since.has(viewer) || isFree(viewer)) continue;
        since.set(viewer, performance.now());
        viewer.join(behind);
      }
      return io.to(room).except(behind);
    },
    stop: () => clearInterval(look),
  };
}
