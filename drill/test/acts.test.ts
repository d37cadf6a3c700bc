import { describe, expect, it } from 'vitest';
import { acts, nextStep, type Step } from '../src/acts.ts';
import { createPolls, type DrillPoll } from '../src/polls.ts';
import { createRandom } from '../src/random.ts';

/** What a host does in an evening of so many steps when everything goes well. */
function evening(seed: number, steps: number): { step: Step; phase: DrillPoll['phase'] | undefined }[] {
  const random = createRandom(seed);
  const [polls, own]: [ReturnType<typeof createPolls>, DrillPoll[]] = [createPolls(), []];
  return Array.from({ length: steps }, () => {
    const step = nextStep(own, random);
    const before = 'poll' in step ? step.poll.phase : undefined;
    if (step.act === 'opened') {
      const poll = polls.add(`poll-${own.length}`, 'hall', 'live');
      poll.phase = 'open';
      own.push(poll);
    } else if ('poll' in step) {
      const { act, poll } = step;
      if (act.startsWith('opened')) poll.phase = 'open';
      else poll.phase = act.startsWith('closed') ? 'final' : 'removed';
    }
    return { step, phase: before };
  });
}

describe('what hosts do', () => {
  it('is the same for the same seed, and another for another', () => {
    const named = (seed: number) => evening(seed, 50).map(({ step }) => step.act);
    expect(named(7)).toEqual(named(7));
    expect(named(8)).not.toEqual(named(7));
  });

  it('is all of it in a long evening, beginning with a poll', () => {
    const done = evening(1, 300).map(({ step }) => step.act);
    expect(done[0]).toBe('opened');
    expect(new Set(done)).toEqual(new Set(acts));
  });

  it('is possible: what is open is closed, and what is final opened again or removed', () => {
    for (const { step, phase } of evening(3, 300)) {
      if (!('poll' in step)) continue;
      const isOfFinal = ['opened again when final', 'removed when final'].includes(step.act);
      expect(phase).toBe(isOfFinal ? 'final' : 'open');
    }
  });
});
