import { describe, expect, it } from 'vitest';
import { parsePlan } from '../src/plan.ts';
import { shuffle } from '../src/shuffle.ts';

function parsed(text: string) {
  const faults: string[] = [];
  const plan = parsePlan(text, faults);
  return { votes: Object.fromEntries(plan.votes), total: plan.total, faults };
}

describe('a plan', () => {
  it('names the votes of each option', () => {
    expect(parsed('a=2000, b=0,z=7')).toEqual({ votes: { a: 2000, b: 0, z: 7 }, total: 2007, faults: [] });
  });

  it.each([
    ['', 'the plan is empty'],
    ['a=0', 'the plan is empty'],
    ['a=x', '"x" is not a number of votes'],
    ['a=-1', '"-1" is not a number of votes'],
    ['a=1.5', '"1.5" is not a number of votes'],
    ['a=1e3', '"1e3" is not a number of votes'],
    ['a=', '"" is not a number of votes'],
    ['a=1000000001', '"1000000001" is not a number of votes'],
    ['A=1', '"A" is not an option'],
    ['aa=1', '"aa" is not an option'],
    ['=1', '"" is not an option'],
    ['a', '"a" is not of the form'],
    ['a=1=2', '"a=1=2" is not of the form'],
    ['a=1,', '"" is not of the form'],
    ['a=1,a=2', 'option a is named more than once'],
    [Array(27).fill('a=1').join(), 'at most 26 options, this plan names 27'],
  ])('%j is refused in one sentence', (text, sentence) => {
    const { faults } = parsed(text);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(sentence);
  });

  it('with several faults is refused with all of them', () => {
    expect(parsed('a=x,A=1,b=-1').faults).toHaveLength(3);
  });
});

describe('the order of votes', () => {
  const plan = parsePlan('a=2000,b=1000,c=0', []);

  it('holds every vote of the plan, and is the same every time', () => {
    const order = [...shuffle(plan)];
    expect(order.filter((option) => option === 'a')).toHaveLength(2000);
    expect(order.filter((option) => option === 'b')).toHaveLength(1000);
    expect(order).toHaveLength(3000);
    expect([...shuffle(plan)]).toEqual(order);
  });

  it('mixes the options evenly from the start to the end', () => {
    const order = [...shuffle(plan)];
    for (let from = 0; from < 3000; from += 300) {
      const share = order.slice(from, from + 300).filter((option) => option === 'a').length / 300;
      expect(share).toBeGreaterThan(0.55);
      expect(share).toBeLessThan(0.78);
    }
  });
});
