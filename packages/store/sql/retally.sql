-- Makes the tallies of a poll from its votes. $1 poll, which has none now
INSERT INTO tallies (poll, option, shard, votes)
SELECT poll, vote, 0, count(*) FROM votes WHERE poll = $1 GROUP BY poll, vote
