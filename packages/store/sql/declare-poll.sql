INSERT INTO polls (id, question, labels) VALUES ($1, $2, $3)
ON CONFLICT (id) DO NOTHING
