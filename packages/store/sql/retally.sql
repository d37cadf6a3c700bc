-- Puts the tallies of a poll to what its votes say. $1 poll
WITH wrong AS (
  DELETE FROM tallies WHERE poll = $1 AND NOT (shard = 0 AND option IN (SELECT vote FROM votes WHERE poll = $1))
)
INSERT INTO tallies (poll, option, shard, votes)
SELECT $1, vote, 0, count(*) FROM votes WHERE poll = $1 GROUP BY vote
ON CONFLICT (poll, option, shard) DO UPDATE SET votes = excluded.votes
