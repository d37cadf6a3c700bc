-- $1 poll, $2 the earliest beginning (Unix seconds)
SELECT CAST(moment AS double precision) AS moment, CAST(sum(votes) AS double precision) AS votes
FROM timeline
WHERE poll = $1 AND moment >= $2
GROUP BY moment
ORDER BY moment
