-- $1 a room, or null for all; $2 a poll, or null for all
SELECT
  id, question, labels, room, place, ballot, visibility, state, openings, final_opening,
  CAST(opens_at AS double precision) AS opens_at,
  CAST(closes_at AS double precision) AS closes_at,
  CAST(revision AS double precision) AS revision,
  EXISTS (SELECT 1 FROM votes WHERE poll = polls.id) AS voted
FROM polls
WHERE (room = $1 OR $1 IS NULL) AND (id = $2 OR $2 IS NULL)
ORDER BY room, place, id
