-- The opening $2 of the poll $1 is over; its numbers are final when $3 is 1. A later opening is not touched.
UPDATE polls
SET state = 'closed',
  final_opening = CASE WHEN $3 = 1 THEN openings ELSE final_opening END,
  revision = revision + 1
WHERE id = $1 AND openings = $2 AND (state <> 'closed' OR ($3 = 1 AND final_opening < openings))
RETURNING id
