-- Deletes some of the votes of the poll $1, $2 at most. In the order in which votes are locked, so that two who do the same
-- wait for each other in one direction only.
DELETE FROM votes WHERE poll = $1 AND id IN (SELECT id FROM votes WHERE poll = $1 ORDER BY id LIMIT $2)
