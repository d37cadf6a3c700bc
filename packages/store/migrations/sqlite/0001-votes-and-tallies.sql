-- oldest code: 1

-- The newest vote of each voter. `id` is the voter's: dashboards of the well-known example voting app
-- count it. `seq` is the place of the vote in the order of all; its upper bits are the time of casting.
-- A zero byte in a text would end it for most programs that read the file.
CREATE TABLE votes (
  poll text NOT NULL,
  id text NOT NULL CHECK (instr(id, char(0)) = 0),
  vote text NOT NULL CHECK (instr(vote, char(0)) = 0),
  seq integer NOT NULL,
  cast_at text GENERATED ALWAYS AS (strftime('%Y-%m-%dT%H:%M:%fZ', (seq >> 20) / 1000.0, 'unixepoch')) VIRTUAL,
  PRIMARY KEY (poll, id)
) STRICT, WITHOUT ROWID;

-- The tally of an option is the sum over its shards, as in the PostgreSQL store; here there is one.
CREATE TABLE tallies (
  poll text NOT NULL,
  option text NOT NULL,
  shard integer NOT NULL,
  votes integer NOT NULL,
  PRIMARY KEY (poll, option, shard)
) STRICT, WITHOUT ROWID;

-- The last sign of life of each worker, and what it saw waiting; Unix time in seconds.
CREATE TABLE pipeline (
  worker text PRIMARY KEY,
  beat_at real NOT NULL,
  pending integer NOT NULL,
  oldest_pending_at real
) STRICT, WITHOUT ROWID;

-- The highest sequence of all votes, kept so that a start need not read them all.
CREATE TABLE newest (sequence integer NOT NULL) STRICT;
INSERT INTO newest (sequence) VALUES (0);
