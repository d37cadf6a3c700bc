import type { DrillPoll } from './polls.ts';
import type { Random } from './random.ts';

/** What hosts do, in the report's words. */
export const acts = [
  'opened',
  'closed by hand',
  'closed by schedule',
  'opened again when final',
  'opened again while the last votes were counted',
  'moved on',
  'removed when final',
  'removed at once when final',
] as const;
export type Act = (typeof acts)[number];

/** What a host does next, and with which poll. */
export type Step =
  | { readonly act: 'opened' }
  /** Undefined for nothing at all. */
  | { readonly act: 'moved on'; readonly to: DrillPoll | undefined }
  | { readonly act: Exclude<Act, 'opened' | 'moved on'>; readonly poll: DrillPoll };

/** A host who is through with many polls cleans up. */
const mostFinal = 3;

/**
 * Draws what the host of a room does next. It depends on nothing but the seed and what that host did before, so that the same
 * seed makes the same evening.
 */
export function nextStep(polls: readonly DrillPoll[], random: Random): Step {
  const open = polls.filter(({ phase }) => phase === 'open');
  const final = polls.filter(({ phase }) => phase === 'final');
  const [anOpen, aFinal] = [open, final].map((some) => some[random.between(0, Math.max(0, some.length - 1))]);
  const roll = random.between(1, 100);
  if (anOpen === undefined) {
    return aFinal !== undefined && roll <= 50
      ? { act: 'opened again when final', poll: aFinal }
      : { act: 'opened' };
  }
  if (aFinal !== undefined && (final.length >= mostFinal || roll <= 12)) {
    return { act: 'removed when final', poll: aFinal };
  }
  if (aFinal !== undefined && roll <= 26) return { act: 'opened again when final', poll: aFinal };
  if (roll <= 36) return { act: 'moved on', to: roll <= 29 ? undefined : (aFinal ?? anOpen) };
  if (open.length < 2 && roll <= 50) return { act: 'opened' };
  if (roll <= 62) return { act: 'opened again while the last votes were counted', poll: anOpen };
  if (roll <= 74) return { act: 'removed at once when final', poll: anOpen };
  return { act: roll <= 88 ? 'closed by hand' : 'closed by schedule', poll: anOpen };
}
