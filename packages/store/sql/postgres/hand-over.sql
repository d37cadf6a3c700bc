-- The tables belong to the migrator, whoever made them: version 0.1, a restore, or a worker that owned everything.
-- In the order in which votes are recorded, so that nobody waits for each other.
DO $$
DECLARE
  made text;
BEGIN
  FOREACH made IN ARRAY ARRAY['votes', 'tallies', 'timeline', 'pipeline', 'polls', 'rooms', 'schema_versions'] LOOP
    IF (SELECT relowner <> 'voting_migrator'::regrole FROM pg_class WHERE oid = to_regclass(made)) THEN
      EXECUTE format('ALTER TABLE %I OWNER TO voting_migrator', made);
    END IF;
  END LOOP;
END
$$
