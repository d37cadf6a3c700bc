-- $1 poll, $2 voter id, $3 option, $4 sequence
INSERT INTO votes (poll, id, vote, seq)
VALUES ($1, $2, $3, $4)
ON CONFLICT (poll, id) DO UPDATE SET vote = excluded.vote, seq = excluded.seq
-- the guard: a vote that is older than, or the same as, what is stored changes nothing
WHERE votes.seq < excluded.seq
