-- Writes a room anew that has the revision $4; the other parameters are those of add-room.sql.
UPDATE rooms
SET title = $2, on_poll = $3, revision = revision + 1
WHERE id = $1 AND revision = $4 AND NOT removed
RETURNING id, CAST(revision AS double precision) AS revision
