-- Nothing is left of the poll $1 when there are no votes any more.
UPDATE polls SET erased = true WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM votes WHERE poll = $1)
