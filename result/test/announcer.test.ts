import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAnnouncer, type News } from '../src/browser/announcer.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function announcer() {
  const said: string[] = [];
  return { said, tell: createAnnouncer((sentence) => said.push(sentence)) };
}

const live = (standing: string): News => ({ kind: 'live', condition: 'Live', standing });
const delayed = (seconds: number, standing: string): News => ({
  kind: 'delayed',
  condition: `${seconds} seconds behind`,
  standing,
});

describe('the announcer', () => {
  it('says nothing of what the page said when it came', () => {
    const { said, tell } = announcer();
    tell(live('Ahead: Cats'));
    tell(live('Ahead: Cats'));
    vi.advanceTimersByTime(60_000);
    expect(said).toEqual([]);
  });

  it('says at once that the lead or the state has changed, together in one sentence', () => {
    const { said, tell } = announcer();
    tell(live('Ahead: Cats'));
    tell(delayed(3, 'A tie'));
    expect(said).toEqual(['3 seconds behind A tie']);
  });

  it('does not count the seconds of a delay aloud', () => {
    const { said, tell } = announcer();
    tell(live('Ahead: Cats'));
    for (let seconds = 2; seconds < 60; seconds++) {
      tell(delayed(seconds, 'Ahead: Cats'));
      vi.advanceTimersByTime(1_000);
    }
    expect(said).toEqual(['2 seconds behind']);
  });

  it('pauses while the lead goes back and forth, and then tells where it is', () => {
    const { said, tell } = announcer();
    tell(live('Ahead: Cats'));
    for (let n = 0; n < 29; n++) {
      tell(live(n % 2 === 0 ? 'Ahead: Dogs' : 'Ahead: Cats'));
      vi.advanceTimersByTime(1_000);
    }
    vi.advanceTimersByTime(60_000);
    expect(said.length).toBeLessThanOrEqual(3);
    expect(said[0]).toBe('Ahead: Dogs');
    expect(said.at(-1)).toBe('Ahead: Dogs');
  });
});
