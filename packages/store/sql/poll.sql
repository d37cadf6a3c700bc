SELECT question, labels, EXISTS (SELECT 1 FROM votes WHERE poll = $1) AS voted
FROM polls WHERE id = $1
