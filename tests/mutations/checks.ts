import { type Ended, run } from '../product.ts';
import type { Check } from './defects.ts';

/** Whether a check is content with the code in `folder`; `output` is what it said. */
export interface Verdict {
  readonly content: boolean;
  readonly output: string;
}

const drill = '--minutes 1 --seed 5 --rate 400 --faults-per-minute 25'.split(' ');
/** Not less patient than a busy machine is slow, or a defect would be noticed that has not been. */
const vitest = 'run --project product --bail 1 --reporter dot --testTimeout 60000'.split(' ');

/** @throws when the check could not judge */
export async function perform(check: Check, folder: string): Promise<Verdict> {
  return check === 'drill' ? performDrill(folder) : performTests(check, folder);
}

async function performDrill(folder: string): Promise<Verdict> {
  const { code, output } = await run('drill/src/main.ts', drill, {}, folder);
  if (code === 0 || output.includes('A promise was broken.')) return { content: code === 0, output };
  throw unable('the drill', { code, output });
}

async function performTests(file: string, folder: string): Promise<Verdict> {
  const args = [...vitest, file];
  const { code, output } = await run('node_modules/vitest/vitest.mjs', args, { CI: 'true' }, folder);
  if (code === 0 || /Tests .*\d+ failed|Errors .*\d+ error/.test(output))
    return { content: code === 0, output };
  throw unable(file, { code, output });
}

function unable(what: string, { code, output }: Ended): Error {
  return new Error(`${what} ended with ${code}:\n${output.slice(-2_000)}`);
}
