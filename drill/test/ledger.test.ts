import { beforeEach, describe, expect, it } from 'vitest';
import { createLedger, type Ledger, type Outcome } from '../src/ledger.ts';

let ledger: Ledger;
beforeEach(() => {
  ledger = createLedger();
});

function tries(voter: string, option: string, outcome: Outcome) {
  ledger.sending(voter, option);
  ended(voter, option, outcome);
}

function ended(voter: string, option: string, outcome: Outcome) {
  ledger.ended(voter, { option, outcome, through: 'vote 1', sentAt: 0, endedAt: 1, reason: undefined });
}

/** Whether these choices keep the promise. */
function kept(stored: Record<string, string>): boolean {
  return ledger.violations(new Map(Object.entries(stored))).length === 0;
}

describe('ledger', () => {
  it('wants the choice that was last acknowledged', () => {
    tries('v', 'a', 'acknowledged');
    tries('v', 'b', 'acknowledged');
    expect([kept({ v: 'b' }), kept({ v: 'a' }), kept({})]).toEqual([true, false, false]);
  });

  it('takes a later choice whose answer was lost as well, but none that was refused', () => {
    tries('v', 'a', 'acknowledged');
    tries('v', 'b', 'lost');
    tries('v', 'c', 'refused');
    expect([kept({ v: 'a' }), kept({ v: 'b' }), kept({ v: 'c' }), kept({})]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('takes no choice from before the acknowledged one, whether its answer was lost or not', () => {
    tries('v', 'b', 'lost');
    tries('v', 'a', 'acknowledged');
    expect([kept({ v: 'a' }), kept({ v: 'b' })]).toEqual([true, false]);
  });

  it('lets a new voter without any acknowledgement be stored or not', () => {
    tries('v', 'a', 'lost');
    expect([kept({}), kept({ v: 'a' }), kept({ v: 'b' })]).toEqual([true, true, false]);
  });

  it('knows of no other voters', () => {
    expect(kept({ stranger: 'a' })).toBe(false);
  });

  it('goes on from what was stored at the last check', () => {
    tries('v', 'a', 'acknowledged');
    tries('v', 'b', 'lost');
    ledger.settle(new Map([['v', 'b']]));
    expect([kept({ v: 'b' }), kept({ v: 'a' })]).toEqual([true, false]);
    tries('v', 'c', 'acknowledged');
    expect([kept({ v: 'c' }), kept({ v: 'b' })]).toEqual([true, false]);
  });

  describe('of a poll that is closed', () => {
    it('takes no vote that was sent when it was closed, whatever became of its answer', () => {
      tries('v', 'a', 'acknowledged');
      ledger.closed();
      tries('v', 'b', 'lost');
      expect([kept({ v: 'a' }), kept({ v: 'b' })]).toEqual([true, false]);
    });

    it('takes one that was under way, until its answer is there', () => {
      ledger.sending('v', 'a');
      expect(ledger.underWay).toBe(1);
      ledger.closed();
      ended('v', 'a', 'acknowledged');
      expect(ledger.underWay).toBe(0);
      expect([kept({ v: 'a' }), kept({})]).toEqual([true, false]);
    });

    it('has nobody told that such a vote is in, even when it is not counted', () => {
      tries('v', 'a', 'acknowledged');
      ledger.closed();
      tries('v', 'a', 'acknowledged');
      expect([kept({ v: 'a' }), kept({})]).toEqual([false, false]);
    });

    it('lets what was lost meanwhile arrive when it is opened again', () => {
      ledger.closed();
      tries('v', 'b', 'lost');
      ledger.sending('w', 'c');
      ledger.opens();
      ended('w', 'c', 'lost');
      expect([kept({ v: 'b' }), kept({ w: 'c' }), kept({})]).toEqual([true, true, true]);
    });
  });

  it('knows the most that may be shown', () => {
    tries('v', 'a', 'acknowledged');
    ledger.sending('v', 'b');
    ledger.sending('w', 'a');
    expect([ledger.mostVotes('a'), ledger.mostVotes('b'), ledger.mostVoters]).toEqual([2, 1, 2]);
    ended('w', 'a', 'lost');
    ledger.settle(new Map([['v', 'b']]));
    expect([ledger.mostVotes('a'), ledger.mostVotes('b')]).toEqual([0, 1]);
  });
});
