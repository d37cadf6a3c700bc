import type { IncomingMessage } from 'node:http';

let nextLook: Promise<void> | undefined;

/**
 * Whether whoever sent this request no longer waits for the answer. A service that was frozen, or has far
 * too much to do, reads requests long after they came. Their voters may have voted again elsewhere since,
 * and what they gave up must not replace that. All requests of a moment share one look.
 */
export async function hasHungUp({ socket }: IncomingMessage): Promise<boolean> {
  nextLook ??= look();
  await nextLook;
  return socket.destroyed || socket.readableEnded;
}

/** Resolves when the end of a connection has been read that came right behind what has just been read. */
function look(): Promise<void> {
  return new Promise((resolve) => {
    // the first is due before sockets are read again, the second after it
    setImmediate(() => {
      nextLook = undefined;
      setImmediate(resolve);
    });
  });
}
