-- Nothing is on in a room in which the poll $1 was.
UPDATE rooms SET on_poll = NULL, revision = revision + 1 WHERE on_poll = $1
RETURNING id
