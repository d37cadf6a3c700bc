-- All workers look at the same queue, so the latest report is the true one.
SELECT
  extract(epoch FROM now() - beat_at)::float8 AS beat_age,
  pending::float8 AS pending,
  coalesce(greatest(0, extract(epoch FROM beat_at - oldest_pending_at)), 0)::float8 AS delay
FROM pipeline
ORDER BY beat_at DESC
LIMIT 1
