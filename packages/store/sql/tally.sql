-- $1 poll
SELECT option, sum(votes)::float8 AS votes FROM tallies WHERE poll = $1 GROUP BY option
