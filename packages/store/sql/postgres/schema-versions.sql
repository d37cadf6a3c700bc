-- A store of version 0.1 has the table without the last column: only code that knew its version worked with it.
CREATE TABLE IF NOT EXISTS schema_versions (
  version integer PRIMARY KEY,
  applied_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE schema_versions ADD COLUMN IF NOT EXISTS oldest_code integer;
