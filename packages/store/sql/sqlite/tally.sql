-- $1 poll
SELECT option, CAST(sum(votes) AS double precision) AS votes FROM tallies WHERE poll = $1 GROUP BY option
