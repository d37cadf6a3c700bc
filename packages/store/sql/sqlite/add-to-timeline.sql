-- $1 poll, $2 the beginning of ten seconds (Unix seconds), $3 voters
INSERT INTO timeline (poll, moment, votes)
VALUES ($1, $2, $3)
ON CONFLICT (poll, moment) DO UPDATE SET votes = timeline.votes + excluded.votes
