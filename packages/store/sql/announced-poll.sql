-- The poll $1 is announced as it is at the revision $2.
UPDATE polls SET announced = $2 WHERE id = $1 AND revision = $2
