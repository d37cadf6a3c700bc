-- oldest code: 1

-- What the votes of a poll stand for: the label of option a, b, c and so on, as a JSON list of texts. A poll of
-- version 0.1 gets its row when it is first declared.
CREATE TABLE polls (
  id text COLLATE "C" PRIMARY KEY,
  question text NOT NULL,
  labels text NOT NULL,
  revision bigint NOT NULL DEFAULT 1
);
