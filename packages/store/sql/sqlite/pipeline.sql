-- All workers look at the same queue, so the latest report is the true one.
SELECT
  unixepoch('subsec') - beat_at AS beat_age,
  pending,
  coalesce(max(0.0, beat_at - oldest_pending_at), 0.0) AS delay
FROM pipeline
ORDER BY beat_at DESC
LIMIT 1
