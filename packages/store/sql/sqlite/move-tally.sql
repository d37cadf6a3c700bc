-- $1 poll, $2 option, $3 by how many votes. One process writes, so there is one shard.
INSERT INTO tallies (poll, option, shard, votes)
VALUES ($1, $2, 0, $3)
ON CONFLICT (poll, option, shard) DO UPDATE SET votes = votes + excluded.votes
