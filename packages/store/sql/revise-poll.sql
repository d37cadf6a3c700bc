-- Writes a poll anew that has the revision $12; the other parameters are those of add-poll.sql.
UPDATE polls
SET question = $2, labels = $3, room = $4, place = $5, ballot = $6, visibility = $7, state = $8, openings = $9,
  opens_at = $10, closes_at = $11, revision = revision + 1
WHERE id = $1 AND revision = $12 AND NOT removed
RETURNING id, CAST(revision AS double precision) AS revision
