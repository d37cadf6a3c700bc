-- Stores a batch and moves the tallies by what it changed, in one statement, hence all or nothing.
-- $1 poll, $2 voter ids (sorted, each once), $3 options, $4 sequences, $5 shard
WITH batch AS (
  SELECT * FROM unnest($2::text[], $3::text[], $4::bigint[]) AS batch (id, vote, seq)
),
stored AS (
  INSERT INTO votes (poll, id, vote, seq)
  SELECT $1, id, vote, seq FROM batch
  ON CONFLICT (poll, id) DO UPDATE SET vote = excluded.vote, seq = excluded.seq
  -- the guard: a vote that is older than, or the same as, what is stored changes nothing
  WHERE votes.seq < excluded.seq
  RETURNING old.vote AS before, new.vote AS after
),
moves AS (
  SELECT option, sum(change) AS change
  FROM (
    SELECT after AS option, 1 AS change FROM stored
    UNION ALL
    SELECT before, -1 FROM stored WHERE before IS NOT NULL
  ) AS steps
  GROUP BY option
  HAVING sum(change) <> 0
),
tallied AS (
  INSERT INTO tallies (poll, option, shard, votes)
  SELECT $1, option, $5::integer, change FROM moves ORDER BY option
  ON CONFLICT (poll, option, shard) DO UPDATE SET votes = tallies.votes + excluded.votes
  RETURNING option
)
SELECT
  (SELECT count(*) FROM stored WHERE before IS NULL)::float8 AS added,
  (SELECT count(*) FROM stored WHERE before <> after)::float8 AS changed,
  -- looked for only when something was not stored; the same vote again is not stale
  CASE WHEN (SELECT count(*) FROM stored) = cardinality($2::text[]) THEN 0 ELSE (
    SELECT count(*) FROM batch JOIN votes ON votes.poll = $1 AND votes.id = batch.id WHERE votes.seq > batch.seq
  ) END::float8 AS stale,
  -- listeners are told at commit, once, and only when a tally moved
  (SELECT count(pg_notify('tallies', $1)) FROM (SELECT 1 FROM tallied LIMIT 1) AS moved)::float8 AS announced
