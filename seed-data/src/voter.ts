import { pause } from './pause.ts';
import type { Accepted, Refusal, VoteClient } from './vote-client.ts';

export interface Voter {
  /** Casts one vote as a new voter. Never rejects. */
  vote(option: string, stopped: AbortSignal): Promise<Accepted | Refusal>;
}

const firstWaitMs = 100;
const longestWaitMs = 2_000;

/**
 * With `retryMs` above 0 a vote is tried again for so long. The answer of a try may be lost after the
 * vote was counted, so such a voter enrols first and votes with one cookie in every try: however often
 * its vote arrives, it is one vote. Without retries the voter is saved that extra request.
 */
export function createVoter(config: { readonly retryMs: number }, client: VoteClient): Voter {
  if (config.retryMs === 0) return { vote: (option) => client.cast(option) };
  return {
    async vote(option, stopped) {
      const until = performance.now() + config.retryMs;
      const enrolment = await persist(() => client.enrol(), until, stopped);
      if (enrolment.kind === 'refused') return enrolment;
      const outcome = await persist(() => client.cast(option, enrolment.cookie), until, stopped);
      return outcome.kind === 'refused' ? { ...outcome, answered: true } : outcome;
    },
  };
}

/** Tries until it succeeds, cannot succeed any more, or the next try would begin after `until`. */
async function persist<Success extends { readonly kind: string }>(
  attempt: () => Promise<Success | Refusal>,
  until: number,
  stopped: AbortSignal,
): Promise<Success | Refusal> {
  let answered = false;
  let uncertain = false;
  for (let backoffMs = firstWaitMs; ; backoffMs = Math.min(2 * backoffMs, longestWaitMs)) {
    const outcome = await attempt();
    if (!isRefusal(outcome)) return outcome;
    answered ||= outcome.answered;
    uncertain ||= outcome.uncertain;
    // spread, so that voters refused together do not come back together
    const waitMs = Math.max(outcome.retryAfterMs, backoffMs * (0.75 + Math.random() / 2));
    const inTime = performance.now() + waitMs <= until;
    if (outcome.passing && inTime) await pause(waitMs, stopped);
    if (!outcome.passing || !inTime || stopped.aborted) return { ...outcome, answered, uncertain };
  }
}

function isRefusal(outcome: { readonly kind: string }): outcome is Refusal {
  return outcome.kind === 'refused';
}
