import { text } from 'node:stream/consumers';
import { type Difference, isPollId } from '@voting/core';
import { recountStatements } from '@voting/store/postgres';
import { Refused } from '../program.ts';
import { type PostgresClient, runClient } from './client.ts';

const { differences, forgetTallies, holdStill, polls: recountable, retally } = recountStatements;

/** What a poll begins with in the output; no option does. */
const mark = '=';

/** The polls that can be recounted, with the psql that `client` reaches. @throws {Refused} */
export async function pollsWithPsql(client: PostgresClient): Promise<readonly string[]> {
  return askPsql(client, `${recountable};\n`);
}

/**
 * Compares the tallies of polls with a count of their votes, as the store does, with the psql that `client` reaches.
 *
 * @param repair whether to set the tallies right, for which nobody records meanwhile
 * @returns what differs, or differed, by the poll
 * @throws {Refused}
 */
export async function recountWithPsql(
  client: PostgresClient,
  polls: readonly string[],
  repair: boolean,
): Promise<ReadonlyMap<string, readonly Difference[]>> {
  const stranger = polls.find((poll) => !isPollId(poll));
  if (stranger !== undefined) throw new Refused(`${JSON.stringify(stranger)} is no id of a poll.`);
  // one psql for all: to reach it may take a second
  const lines = await askPsql(client, polls.map((poll) => scriptFor(poll, repair)).join(''));
  const found = new Map<string, Difference[]>();
  let ofPoll: Difference[] = [];
  for (const line of lines) {
    if (line.startsWith(mark)) {
      ofPoll = [];
      found.set(line.slice(mark.length), ofPoll);
    } else {
      const [option = '', counted, tallied] = line.split(',');
      ofPoll.push({ option, counted: Number(counted), tallied: Number(tallied) });
    }
  }
  return found;
}

function scriptFor(poll: string, repair: boolean): string {
  const bound = (statement: string) => `${statement}\n\\bind '${poll}' \\g\n`;
  return [
    `\\echo ${mark}${poll}\n`,
    'BEGIN;\n',
    ...(repair ? [`${holdStill};\n`] : []),
    bound(differences),
    ...(repair ? [bound(forgetTallies), bound(retally)] : []),
    'COMMIT;\n',
  ].join('');
}

async function askPsql(client: PostgresClient, script: string): Promise<readonly string[]> {
  const { stdin, stdout, ended } = runClient(client, 'psql', [
    '--no-psqlrc',
    '--quiet',
    '--no-align',
    '--tuples-only',
    '--field-separator=,',
    '--set=ON_ERROR_STOP=1',
  ]);
  const output = text(stdout);
  stdin.end(script);
  await ended;
  return (await output).split('\n').filter((line) => line !== '');
}
