-- $1 a list of polls
SELECT poll, option, sum(votes)::float8 AS votes
FROM tallies
WHERE poll = ANY ($1::text[])
GROUP BY poll, option
