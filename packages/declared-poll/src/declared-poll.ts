import { definePoll, type Fault, InvalidPoll, mostOptions, type Poll } from '@voting/core';
import { type Environment, InvalidSettings } from '@voting/runtime';
import { sentenceOf, variableOf } from './sentence.ts';

/**
 * Reads the poll that the environment declares: `POLL_ID`, `POLL_QUESTION` and `OPTION_A` … `OPTION_Z`. With none of
 * them set it is the well-known "Cats vs Dogs!".
 *
 * @throws {InvalidSettings} with one sentence for each fault, which names the variable to change
 */
export function readDeclaredPoll(env: Environment): Poll {
  const { labels, faults } = readLabels(env);
  try {
    const poll = definePoll(env.POLL_ID ?? 'main', env.POLL_QUESTION ?? 'Cats vs Dogs!', labels);
    if (faults.length === 0) return poll;
  } catch (error) {
    if (!(error instanceof InvalidPoll)) throw error;
    const tellsMore = ({ code }: Fault) => faults.length === 0 || code !== 'too_few';
    faults.push(...error.faults.filter(tellsMore).map((fault) => sentenceOf(fault, labels.length)));
  }
  throw new InvalidSettings(faults);
}

/** The labels up to the first gap, which then is a fault: what stands behind it could get another letter than it has. */
function readLabels(env: Environment): { readonly labels: readonly string[]; readonly faults: string[] } {
  const named = Object.keys(env).filter((name) => name.startsWith('OPTION_') && env[name] !== undefined);
  if (named.length === 0) return { labels: ['Cats', 'Dogs'], faults: [] };
  const isOption = (name: string) => /^OPTION_[A-Z]$/.test(name);
  const faults = named
    .filter((name) => !isOption(name))
    .map((name) => `${name}: an option is OPTION_A to OPTION_Z, ${mostOptions} at most`);
  const labels: string[] = [];
  for (const name of named.filter(isOption).sort()) {
    const expected = variableOf(labels.length);
    if (name !== expected) {
      faults.push(`${expected}: missing, although ${name} is set; options follow on without a gap`);
      break;
    }
    labels.push(env[name] ?? '');
  }
  return { labels, faults };
}
