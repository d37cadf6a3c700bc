import type { Socket } from 'node:net';

/**
 * What becomes of bytes on their way, in one direction. `delay` moves each piece later; `hold` moves
 * nothing until the line is well again, and then everything; `lose` swallows all, for good, and nobody
 * is told; `truncate` lets half of the next piece through and breaks the connection.
 */
export type Treatment =
  | { readonly kind: 'pass' }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'hold' }
  | { readonly kind: 'lose' }
  | { readonly kind: 'truncate' };

/** One direction of one connection. */
export interface Flow {
  /** Looks again whether what waits may go on. */
  move(): void;
}

interface Waiting {
  /** Absent: the sender has nothing more to say. */
  readonly piece: Buffer | undefined;
  readonly at: number;
}

/**
 * Carries what `from` says to `to`, in order, as `treatment` says at the time it moves. The end of the
 * sender is carried the same way: what a peer had said before it went away still arrives, late perhaps,
 * as it does on a real network.
 */
export function createFlow(from: Socket, to: Socket, treatment: () => Treatment): Flow {
  const queue: Waiting[] = [];
  let timer: NodeJS.Timeout | undefined;
  let over = false;

  function move(): void {
    clearTimeout(timer);
    if (treatment().kind === 'lose') over = true;
    for (let head = queue[0]; head !== undefined && !over; head = queue[0]) {
      const { kind, ...how } = treatment();
      if (kind === 'hold') return;
      const due = 'ms' in how ? head.at + how.ms - performance.now() : 0;
      if (due > 0) {
        timer = setTimeout(move, due);
        return;
      }
      queue.shift();
      if (kind === 'truncate' && head.piece !== undefined) breakAfterHalf(head.piece);
      else if (head.piece === undefined) to.end();
      else to.write(head.piece);
    }
  }

  function breakAfterHalf(piece: Buffer): void {
    over = true;
    to.end(piece.subarray(0, Math.floor(piece.length / 2)));
    from.resetAndDestroy();
  }

  function say(piece: Buffer | undefined): void {
    if (over) return;
    queue.push({ piece, at: performance.now() });
    move();
  }

  from.on('data', say);
  // a reset ends the stream without an 'end'; what came before it has still arrived
  let ended = false;
  const end = () => {
    if (!ended) say(undefined);
    ended = true;
  };
  from.on('end', end);
  from.on('close', end);
  from.on('error', () => {});
  return { move };
}
