-- As it is after the migrations: the main room, and nothing else. Of ids that were removed nothing is kept either.
TRUNCATE votes, tallies, timeline, pipeline, polls, rooms;
INSERT INTO rooms (id, title) VALUES ('main', '')
