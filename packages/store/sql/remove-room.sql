-- Removes the room $1 with its title, when it has the revision $2.
UPDATE rooms
SET removed = true, title = '', on_poll = NULL, revision = revision + 1
WHERE id = $1 AND revision = $2 AND NOT removed
RETURNING id
