-- oldest code: 3

-- Where an audience meets. The room main is at /, and has no code of its own.
CREATE TABLE rooms (
  id text PRIMARY KEY,
  title text NOT NULL,
  on_poll text,
  -- the poll that was declared last, which was put on when it was first declared after another
  declared text,
  revision integer NOT NULL DEFAULT 1,
  -- the latest revision that is known to be announced to those who serve voters
  announced integer NOT NULL DEFAULT 0,
  -- what is removed keeps its id, so that nobody gets it again
  removed integer NOT NULL DEFAULT 0
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
ALTER TABLE polls ADD COLUMN announced integer NOT NULL DEFAULT 0;
ALTER TABLE polls ADD COLUMN removed integer NOT NULL DEFAULT 0;
-- whether the votes of a poll that is removed are deleted
ALTER TABLE polls ADD COLUMN erased integer NOT NULL DEFAULT 0;

-- How many voters voted for the first time in each ten seconds, by the time of their votes: `moment` is the beginning, in
-- Unix seconds.
CREATE TABLE timeline (
  poll text NOT NULL,
  moment integer NOT NULL,
  votes integer NOT NULL,
  PRIMARY KEY (poll, moment)
) STRICT, WITHOUT ROWID;
