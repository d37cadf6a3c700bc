-- $1 a room, or null for all
SELECT id, title, on_poll, CAST(revision AS double precision) AS revision
FROM rooms
WHERE id = $1 OR $1 IS NULL
ORDER BY id
