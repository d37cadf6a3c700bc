-- What worker, reader and host may do with the tables; whatever is not here, they may not. The migrator gives
-- these rights anew after its migrations. A new table is closed to all of them until it has a line here.
REVOKE ALL ON votes, tallies, timeline, pipeline, polls, rooms, schema_versions
FROM voting_worker, voting_reader, voting_host;
GRANT SELECT, INSERT, UPDATE ON polls, rooms TO voting_worker;
-- what is left of polls that were removed is deleted
GRANT SELECT, INSERT, UPDATE, DELETE ON votes, tallies, timeline TO voting_worker;
-- reports of workers that are gone are deleted
GRANT SELECT, INSERT, UPDATE, DELETE ON pipeline TO voting_worker;
GRANT SELECT ON schema_versions TO voting_worker;
-- totals, and not who voted for what
GRANT SELECT ON tallies, timeline, pipeline, polls, rooms, schema_versions TO voting_reader, voting_host;
GRANT INSERT, UPDATE ON polls, rooms TO voting_host;
