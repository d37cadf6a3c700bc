-- $1 a room, or null for all; $2 a poll, or null for all; $3 1 for those that are not announced as they are, which may be
-- removed, 0 for all that are there
SELECT
  id, question, labels, room, place, ballot, visibility, state, openings, final_opening,
  CAST(opens_at AS double precision) AS opens_at,
  CAST(closes_at AS double precision) AS closes_at,
  CAST(revision AS double precision) AS revision,
  removed,
  -- a vote is stored in the same step as the tally that it moves, and not everybody may see votes
  EXISTS (SELECT 1 FROM tallies WHERE poll = polls.id) AS voted
FROM polls
WHERE (room = $1 OR $1 IS NULL) AND (id = $2 OR $2 IS NULL)
  AND CASE WHEN $3 = 1 THEN announced < revision ELSE NOT removed END
ORDER BY room, place, id
