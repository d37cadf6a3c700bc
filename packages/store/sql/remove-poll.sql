-- Removes the poll $1 with its texts, when it has the revision $2.
UPDATE polls
SET removed = true, question = '', labels = '[]', revision = revision + 1
WHERE id = $1 AND revision = $2 AND NOT removed
RETURNING id
