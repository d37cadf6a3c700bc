import { type Ended, run } from '../product.ts';
import type { Check } from './defects.ts';

export interface Verdict {
  /** What the check says is wrong: the name of a test, or a promise. Undefined when it is content. */
  readonly complaint: string | undefined;
  readonly output: string;
}

const drill = '--minutes 1 --seed 5 --rate 1000 --faults-per-minute 25'.split(' ');
/** Not less patient than a busy machine is slow, or a defect would be noticed that has not been. */
const vitest = 'run --project product --bail 1 --reporter dot --testTimeout 60000'.split(' ');

/**
 * Lets a check judge the code in `folder`.
 *
 * @throws when it could not
 */
export async function perform(check: Check, folder: string): Promise<Verdict> {
  const [program, args] =
    check === 'drill' ? ['drill/src/main.ts', drill] : ['node_modules/vitest/vitest.mjs', [...vitest, check]];
  const ended = await run(program, args, { CI: 'true', NO_COLOR: '1' }, folder);
  if (ended.code === 0) return { complaint: undefined, output: ended.output };
  const complaint = check === 'drill' ? brokenPromise(ended) : failedTest(ended);
  if (complaint === undefined) throw new Error(`${check} could not judge:\n${ended.output.slice(-2_000)}`);
  return { complaint, output: ended.output };
}

function failedTest({ output }: Ended): string | undefined {
  const [, name] = / FAIL .*\.test\.ts > (.+)/.exec(output) ?? [];
  const timedOut = output.includes('TestTimeoutError') ? ' (in time)' : '';
  return name === undefined ? undefined : `${name}${timedOut}`;
}

function brokenPromise({ output }: Ended): string | undefined {
  const [, evidence] = /A promise was broken\..*?\n- ([^\n]+)/s.exec(output) ?? [];
  return evidence?.replace(/^Voter \S+: /, 'a voter: ').slice(0, 120);
}
