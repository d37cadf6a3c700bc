-- $1 poll, $2 question, $3 labels. A poll whose votes were stored before it was declared has no ids of its own.
INSERT INTO polls (id, question, labels, own_ids)
VALUES ($1, $2, $3, NOT EXISTS (SELECT 1 FROM votes WHERE poll = $1))
ON CONFLICT (id) DO NOTHING
