-- Before a dump is read in: nobody else migrates or counts from here to the end of the transaction, and
-- the database must hold no votes. The empty tables of a new installation make room for the dump's.
SELECT pg_advisory_xact_lock(:migration_lock);
DO $$
BEGIN
  IF to_regclass('votes') IS NOT NULL THEN
    LOCK TABLE votes, tallies, pipeline IN ACCESS EXCLUSIVE MODE;
    IF EXISTS (SELECT FROM votes) THEN
      RAISE EXCEPTION 'This database holds votes. A backup is restored into an empty one only.';
    END IF;
  END IF;
END
$$;
DROP TABLE IF EXISTS votes, tallies, timeline, pipeline, polls, rooms, schema_versions;
