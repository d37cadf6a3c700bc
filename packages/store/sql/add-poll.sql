-- Adds a poll, unless there is one with its id. $1 id, $2 question, $3 labels, $4 room, $5 place, $6 ballot, $7 visibility,
-- $8 state, $9 openings, $10 opens at, $11 closes at. One whose votes were stored before it has no ids of its own.
INSERT INTO polls (
  id, question, labels, room, place, ballot, visibility, state, openings, opens_at, closes_at, own_ids
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NOT EXISTS (SELECT 1 FROM tallies WHERE poll = $1))
ON CONFLICT (id) DO NOTHING
RETURNING id, CAST(revision AS double precision) AS revision
