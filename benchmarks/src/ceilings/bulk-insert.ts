import type { Vote } from '@voting/core';
import { Client } from 'pg';
import { piecesOf } from '../stage/backlog.ts';

/**
 * What PostgreSQL alone needs to take the same votes in: from a staging table into a table like
 * `votes`, one statement for the new voters and one for those who change.
 *
 * @returns seconds
 */
export async function bulkInsert(url: string, votes: readonly Vote[]): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('CREATE TABLE equal_votes (LIKE votes INCLUDING ALL)');
    await client.query('CREATE TABLE staging (poll text, id text, vote text, seq bigint, is_new boolean)');
    const known = new Set<string>();
    let seq = 0;
    for (const piece of piecesOf(votes, 20_000)) {
      const isNew = piece.map(({ voter }) => !known.has(voter) && known.add(voter) !== undefined);
      await client.query(
        "INSERT INTO staging SELECT 'main', * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::boolean[])",
        [
          piece.map(({ voter }) => voter),
          piece.map(({ option }) => option),
          piece.map(() => String(++seq)),
          isNew,
        ],
      );
    }
    await client.query('ANALYZE staging');
    await client.query('CHECKPOINT');
    const start = performance.now();
    const columns = 'equal_votes (poll, id, vote, seq) SELECT poll, id, vote, seq FROM staging';
    await client.query(`INSERT INTO ${columns} WHERE is_new`);
    await client.query(
      `INSERT INTO ${columns} WHERE NOT is_new
       ON CONFLICT (poll, id) DO UPDATE SET vote = excluded.vote, seq = excluded.seq`,
    );
    return (performance.now() - start) / 1_000;
  } finally {
    await client.end();
  }
}
