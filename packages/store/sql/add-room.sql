-- Adds a room, unless there is one with its id. $1 id, $2 title, $3 the poll that is on, or null
INSERT INTO rooms (id, title, on_poll)
VALUES ($1, $2, $3)
ON CONFLICT (id) DO NOTHING
RETURNING id, CAST(revision AS double precision) AS revision
