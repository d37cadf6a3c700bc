-- Stores a batch and moves the tallies by what it changed, in one statement, hence all or nothing.
-- $1 polls, $2 voter ids, $3 options, $4 sequences (sorted by poll and voter, each voter of a poll once), $5 shard
WITH batch AS (
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) AS batch (poll, id, vote, seq)
  -- a worker that has held a batch for too long brings again what is counted, and may be erased by now
  WHERE NOT EXISTS (SELECT FROM polls WHERE polls.id = batch.poll AND removed)
),
stored AS (
  INSERT INTO votes (poll, id, vote, seq)
  SELECT poll, id, vote, seq FROM batch
  ON CONFLICT (poll, id) DO UPDATE SET vote = excluded.vote, seq = excluded.seq
  -- the guard: a vote that is older than, or the same as, what is stored changes nothing
  WHERE votes.seq < excluded.seq
  RETURNING new.poll, new.seq, old.vote AS before, new.vote AS after
),
moves AS (
  SELECT poll, option, sum(change) AS change
  FROM (
    SELECT poll, after AS option, 1 AS change FROM stored
    UNION ALL
    SELECT poll, before, -1 FROM stored WHERE before IS NOT NULL
  ) AS steps
  GROUP BY poll, option
  HAVING sum(change) <> 0
),
tallied AS (
  INSERT INTO tallies (poll, option, shard, votes)
  SELECT poll, option, $5::integer, change FROM moves ORDER BY poll, option
  ON CONFLICT (poll, option, shard) DO UPDATE SET votes = tallies.votes + excluded.votes
  RETURNING poll
),
timed AS (
  INSERT INTO timeline (poll, moment, shard, votes)
  -- the upper bits of a sequence are milliseconds
  SELECT poll, (seq >> 20) / 10000 * 10 AS moment, $5::integer, count(*)
  FROM stored
  WHERE before IS NULL
  GROUP BY poll, moment
  ORDER BY poll, moment
  ON CONFLICT (poll, moment, shard) DO UPDATE SET votes = timeline.votes + excluded.votes
)
SELECT
  (SELECT count(*) FROM stored WHERE before IS NULL)::float8 AS added,
  (SELECT count(*) FROM stored WHERE before <> after)::float8 AS changed,
  -- looked for only when something was not stored; the same vote again is not stale
  CASE WHEN (SELECT count(*) FROM stored) = cardinality($2::text[]) THEN 0 ELSE (
    SELECT count(*) FROM batch JOIN votes ON votes.poll = batch.poll AND votes.id = batch.id
    WHERE votes.seq > batch.seq
  ) END::float8 AS stale,
  -- listeners are told at commit, once for each poll, and only when a tally moved
  (SELECT count(pg_notify('tallies', poll)) FROM (SELECT DISTINCT poll FROM tallied) AS moved)::float8 AS announced
