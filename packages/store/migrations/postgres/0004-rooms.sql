-- oldest code: 3

-- Where an audience meets. The room main is at /, and has no code of its own.
CREATE TABLE rooms (
  id text COLLATE "C" PRIMARY KEY,
  title text NOT NULL,
  on_poll text COLLATE "C",
  -- the poll that was declared last, which was put on when it was first declared after another
  declared text COLLATE "C",
  revision bigint NOT NULL DEFAULT 1,
  -- the latest revision that is known to be announced to those who serve voters
  announced bigint NOT NULL DEFAULT 0,
  -- what is removed keeps its id, so that nobody gets it again
  removed boolean NOT NULL DEFAULT false
);
INSERT INTO rooms (id, title) VALUES ('main', '');

-- How a poll is run. Polls that are there were declared from outside: they are open, as long as somebody asks for them,
-- and everybody sees the count. Times are Unix milliseconds: they are compared with the clock of the queue, not of this
-- server. What is here may be written by code that does not know these columns, so each has a default.
ALTER TABLE polls
  ADD COLUMN room text COLLATE "C" NOT NULL DEFAULT 'main',
  ADD COLUMN place integer NOT NULL DEFAULT 0,
  ADD COLUMN ballot text NOT NULL DEFAULT 'one',
  ADD COLUMN visibility text NOT NULL DEFAULT 'live',
  ADD COLUMN state text NOT NULL DEFAULT 'open',
  ADD COLUMN openings integer NOT NULL DEFAULT 1,
  -- the latest opening whose votes are all counted
  ADD COLUMN final_opening integer NOT NULL DEFAULT 0,
  ADD COLUMN opens_at bigint,
  ADD COLUMN closes_at bigint,
  ADD COLUMN announced bigint NOT NULL DEFAULT 0,
  ADD COLUMN removed boolean NOT NULL DEFAULT false,
  -- whether the votes of a poll that is removed are deleted
  ADD COLUMN erased boolean NOT NULL DEFAULT false;

-- How many voters voted for the first time in each ten seconds, by the time of their votes: `moment` is the beginning, in
-- Unix seconds. Sharded as the tallies are.
CREATE TABLE timeline (
  poll text COLLATE "C" NOT NULL,
  moment bigint NOT NULL,
  shard integer NOT NULL,
  votes bigint NOT NULL,
  PRIMARY KEY (poll, moment, shard)
);
