-- Notes that the poll $1 was declared in the room $2, unless it was the one before.
UPDATE rooms SET declared = $1 WHERE id = $2 AND (declared IS NULL OR declared <> $1) RETURNING id
