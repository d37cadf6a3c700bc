SELECT 1 FROM polls WHERE id = $1 AND removed
