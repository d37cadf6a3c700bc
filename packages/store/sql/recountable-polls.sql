-- The polls that a recount is about: those that are kept, and whatever else votes or tallies are of, but not what is being
-- deleted.
SELECT id FROM polls WHERE NOT removed
UNION
SELECT poll FROM votes WHERE poll NOT IN (SELECT id FROM polls)
UNION
SELECT poll FROM tallies WHERE poll NOT IN (SELECT id FROM polls)
ORDER BY 1
