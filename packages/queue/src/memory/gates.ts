import type { ErrorCode, Gate, Gates, Sequence } from '@voting/core';

interface KeptGate extends Gate {
  /** The highest sequence at the time when it was closed; undefined while it takes votes, now or later. */
  readonly seal: Sequence | undefined;
}

export interface MemoryGates extends Gates {
  /** Why a poll takes no votes; undefined when it takes them. */
  refusal(poll: string): ErrorCode | undefined;
  /** Which opening of a poll is closed; undefined when it takes votes, now or later. */
  closed(poll: string): number | undefined;
}

/**
 * @param clock Unix milliseconds
 * @param last the highest sequence that was given out
 */
export function createMemoryGates(clock: () => number, last: () => Sequence): MemoryGates {
  const gates = new Map<string, KeptGate>();

  /** Closes a gate whose time is over. From then on what the clock says changes nothing. */
  function asOfNow(gate: KeptGate): KeptGate {
    const isOver = gate.closed || (gate.until !== undefined && clock() >= gate.until);
    if (gate.seal !== undefined || !isOver) return gate;
    const closed = { ...gate, seal: last() };
    gates.set(gate.poll, closed);
    return closed;
  }

  return {
    async post(gate) {
      const kept = gates.get(gate.poll);
      const isNews = kept === undefined || kept.opening < gate.opening;
      if (isNews || (kept.opening === gate.opening && kept.seal === undefined)) {
        const schedule = isNews || gate.revision >= kept.revision ? gate : kept;
        gates.set(gate.poll, { ...schedule, closed: gate.closed, seal: undefined });
      }
      return [asOfNow(gates.get(gate.poll) as KeptGate).seal];
    },
    async remove(poll) {
      gates.delete(poll);
    },
    closed(poll) {
      const kept = gates.get(poll);
      if (kept === undefined) return undefined;
      const { seal, opening } = asOfNow(kept);
      return seal === undefined ? undefined : opening;
    },
    refusal(poll) {
      const kept = gates.get(poll);
      if (kept === undefined) return 'poll_unknown';
      const { seal, from } = asOfNow(kept);
      if (seal !== undefined) return 'poll_closed';
      return from !== undefined && clock() < from ? 'poll_not_open' : undefined;
    },
  };
}
