-- oldest code: 3

-- Where an audience meets. The room main is at /, and has no code of its own.
CREATE TABLE rooms (
  id text PRIMARY KEY,
  title text NOT NULL,
  on_poll text,
  revision integer NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;
INSERT INTO rooms (id, title) VALUES ('main', '');

-- How a poll is run. Polls that are there were declared from outside: they are open, as long as somebody asks for them,
-- and everybody sees the count. Times are Unix milliseconds.
ALTER TABLE polls ADD COLUMN room text NOT NULL DEFAULT 'main';
ALTER TABLE polls ADD COLUMN place integer NOT NULL DEFAULT 0;
ALTER TABLE polls ADD COLUMN ballot text NOT NULL DEFAULT 'one';
ALTER TABLE polls ADD COLUMN visibility text NOT NULL DEFAULT 'live';
ALTER TABLE polls ADD COLUMN state text NOT NULL DEFAULT 'open';
ALTER TABLE polls ADD COLUMN openings integer NOT NULL DEFAULT 1;
-- the latest opening whose votes are all counted
ALTER TABLE polls ADD COLUMN final_opening integer NOT NULL DEFAULT 0;
ALTER TABLE polls ADD COLUMN opens_at integer;
ALTER TABLE polls ADD COLUMN closes_at integer;
