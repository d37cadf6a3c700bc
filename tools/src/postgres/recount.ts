import { text } from 'node:stream/consumers';
import type { Difference } from '@voting/core';
import { recountStatements } from '@voting/store/postgres';
import { type PostgresClient, runClient } from './client.ts';

const { differences, forgetTallies, holdStill, retally } = recountStatements;

/**
 * Compares the tallies of a poll with a count of its votes, as the store does, with the psql that `client` reaches.
 *
 * @param repair whether to set the tallies right, for which nobody records meanwhile
 * @returns what differs, or differed
 * @throws {Refused}
 */
export async function recountWithPsql(
  client: PostgresClient,
  poll: string,
  repair: boolean,
): Promise<readonly Difference[]> {
  const ofPoll = (statement: string) => `${statement}\n\\bind '${poll}' \\g\n`;
  const mending = [ofPoll(forgetTallies), ofPoll(retally)];
  const { stdin, stdout, ended } = runClient(client, 'psql', [
    '--no-psqlrc',
    '--quiet',
    '--no-align',
    '--tuples-only',
    '--field-separator=,',
    '--set=ON_ERROR_STOP=1',
  ]);
  const output = text(stdout);
  stdin.end(
    [
      'BEGIN;\n',
      ...(repair ? [`${holdStill};\n`] : []),
      ofPoll(differences),
      ...(repair ? mending : []),
      'COMMIT;\n',
    ].join(''),
  );
  await ended;
  return (await output)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [option = '', counted, tallied] = line.split(',');
      return { option, counted: Number(counted), tallied: Number(tallied) };
    });
}
