-- $1 a poll, of which no votes are left
DELETE FROM timeline WHERE poll = $1 AND NOT EXISTS (SELECT 1 FROM votes WHERE poll = $1)
