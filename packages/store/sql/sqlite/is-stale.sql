-- Whether a newer vote is stored. $1 poll, $2 voter id, $3 sequence
SELECT 1 FROM votes WHERE poll = $1 AND id = $2 AND seq > $3
