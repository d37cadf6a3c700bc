-- $1 a poll. It has tallies for as long as it has votes, so that a count of them always agrees.
DELETE FROM tallies WHERE poll = $1 AND NOT EXISTS (SELECT 1 FROM votes WHERE poll = $1)
