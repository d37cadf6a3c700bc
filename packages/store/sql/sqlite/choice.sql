-- What a voter had chosen before. $1 poll, $2 voter id
SELECT vote FROM votes WHERE poll = $1 AND id = $2
