-- The migrator makes tables here; nobody else makes anything, not even for the time of a session. What belongs to
-- the owner of the database to give, and is given already, is passed over with a warning.
DO $$
BEGIN
  IF NOT (pg_has_role('voting_migrator', 'SET') AND pg_has_role('voting_migrator', 'USAGE')) THEN
    -- who makes a role may give it, but not take it, unless it says so
    GRANT voting_migrator TO CURRENT_USER WITH SET TRUE, INHERIT TRUE;
  END IF;
  EXECUTE format('GRANT USAGE, CREATE ON SCHEMA %I TO voting_migrator', current_schema());
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO voting_worker, voting_reader, voting_host', current_schema());
  EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC', current_schema());
  EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
END
$$
