-- $1 poll
SELECT
  option,
  CAST(coalesce(counted, 0) AS double precision) AS counted,
  CAST(coalesce(tallied, 0) AS double precision) AS tallied
FROM (SELECT vote AS option, count(*) AS counted FROM votes WHERE poll = $1 GROUP BY vote) AS votes
FULL JOIN (SELECT option, sum(votes) AS tallied FROM tallies WHERE poll = $1 GROUP BY option) AS tallies
USING (option)
WHERE coalesce(counted, 0) <> coalesce(tallied, 0)
ORDER BY option
