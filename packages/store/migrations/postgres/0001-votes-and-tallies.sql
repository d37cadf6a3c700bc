-- oldest code: 1

-- The newest vote of each voter. `id` is the voter's: dashboards of the well-known example voting app
-- count it. `seq` is the stream position of the vote; its upper bits are the time of casting.
-- Text is compared byte by byte ("C"): it is what sorting and hashing in the services do, and faster.
CREATE TABLE votes (
  poll text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  vote text COLLATE "C" NOT NULL,
  seq bigint NOT NULL,
  cast_at timestamptz GENERATED ALWAYS AS (to_timestamp((seq >> 20)::double precision / 1000)) VIRTUAL,
  PRIMARY KEY (poll, id)
);

-- The tally of an option is the sum over its shards; each worker writes its own shard, so that
-- workers don't queue behind one row. A single shard may be negative, the sum never is.
CREATE TABLE tallies (
  poll text COLLATE "C" NOT NULL,
  option text COLLATE "C" NOT NULL,
  shard integer NOT NULL,
  votes bigint NOT NULL,
  PRIMARY KEY (poll, option, shard)
);

-- The last sign of life of each worker, and what it saw waiting.
CREATE TABLE pipeline (
  worker text PRIMARY KEY,
  beat_at timestamptz NOT NULL,
  pending bigint NOT NULL,
  oldest_pending_at timestamptz
);
