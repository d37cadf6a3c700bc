-- $1 worker, $2 pending, $3 how long the oldest of them waits, in milliseconds, or null. Not since when: that
-- would be by another clock than ours.
WITH forgotten AS (
  DELETE FROM pipeline WHERE beat_at < now() - interval '1 day' AND worker <> $1
)
INSERT INTO pipeline (worker, beat_at, pending, oldest_pending_at)
VALUES ($1, now(), $2::bigint, now() - $3::double precision * interval '1 millisecond')
ON CONFLICT (worker) DO UPDATE
SET beat_at = excluded.beat_at, pending = excluded.pending, oldest_pending_at = excluded.oldest_pending_at
