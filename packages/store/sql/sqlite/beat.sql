-- $1 worker, $2 pending, $3 how long the oldest of them waits, in milliseconds, or null
INSERT INTO pipeline (worker, beat_at, pending, oldest_pending_at)
VALUES ($1, unixepoch('subsec'), $2, unixepoch('subsec') - $3 / 1000.0)
ON CONFLICT (worker) DO UPDATE
SET beat_at = excluded.beat_at, pending = excluded.pending, oldest_pending_at = excluded.oldest_pending_at
