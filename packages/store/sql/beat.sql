-- $1 worker, $2 pending, $3 when the oldest of them was cast, in Unix milliseconds, or null
WITH forgotten AS (
  DELETE FROM pipeline WHERE beat_at < now() - interval '1 day' AND worker <> $1
)
INSERT INTO pipeline (worker, beat_at, pending, oldest_pending_at)
VALUES ($1, now(), $2::bigint, to_timestamp($3::double precision / 1000))
ON CONFLICT (worker) DO UPDATE
SET beat_at = excluded.beat_at, pending = excluded.pending, oldest_pending_at = excluded.oldest_pending_at
