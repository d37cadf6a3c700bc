import type { SeedConfig } from './config.ts';
import { createHttpClient } from './http-client.ts';
import type { Ledger } from './ledger.ts';
import { createPacer } from './pacer.ts';
import type { Score } from './score.ts';
import { shuffle } from './shuffle.ts';
import { createVoteClient } from './vote-client.ts';
import { createVoter } from './voter.ts';

export interface Seed {
  /**
   * Casts every vote of the plan once. When `interrupted` aborts it begins no further vote and waits for
   * the answers under way.
   *
   * @throws when the ledger cannot be written, because a vote that is not in it must not look cast
   */
  run(interrupted: AbortSignal): Promise<void>;
}

/** How long a request may take before its voter gives it up. */
export const timeLimitMs = 10_000;

export function createSeed(
  config: Omit<SeedConfig, 'destination'>,
  deps: { readonly score: Score; readonly ledger: Ledger | undefined },
): Seed {
  const { score, ledger } = deps;

  return {
    async run(interrupted) {
      const failure = new AbortController();
      const stopped = AbortSignal.any([interrupted, failure.signal]);
      const http = createHttpClient({ url: config.url, connections: config.concurrency, timeLimitMs });
      const voter = createVoter(config, createVoteClient(http));
      const pacer = createPacer(config.rate);
      const options = shuffle(config.plan);

      async function castInTurn(): Promise<void> {
        // the one iterator is shared: whoever leaves this loop ends it for all, which is what a stop means
        for (const option of options) {
          await pacer.turn(stopped);
          if (stopped.aborted) return;
          const began = performance.now();
          const outcome = await voter.vote(option, stopped);
          if (outcome.kind === 'accepted') {
            ledger?.append(outcome.voter, option);
            score.accept(performance.now() - began);
          } else {
            score.refuse(outcome);
          }
        }
      }

      const slots = Array.from({ length: Math.min(config.concurrency, config.plan.total) }, castInTurn);
      try {
        await Promise.all(slots);
      } catch (error) {
        failure.abort();
        await Promise.allSettled(slots);
        throw error;
      } finally {
        http.close();
      }
    },
  };
}
