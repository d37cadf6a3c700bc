-- $1 a room, or null for all; $2 1 for those that are not announced as they are, which may be removed, 0 for all that
-- are there
SELECT id, title, on_poll, CAST(revision AS double precision) AS revision, removed
FROM rooms
WHERE (id = $1 OR $1 IS NULL) AND CASE WHEN $2 = 1 THEN announced < revision ELSE NOT removed END
ORDER BY id
