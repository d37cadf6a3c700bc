-- What a restored store holds: votes, options whose tallies are not what the votes say, and by how many
-- seconds its newest vote is ahead of the clock.
SELECT json_build_object(
  'votes', (SELECT count(*) FROM public.votes),
  'wrongTallies', (
    SELECT count(*)
    FROM (SELECT poll, vote AS option, count(*) AS counted FROM public.votes GROUP BY poll, vote) AS votes
    FULL JOIN (
      SELECT poll, option, sum(votes) AS tallied FROM public.tallies GROUP BY poll, option
    ) AS tallies USING (poll, option)
    WHERE coalesce(counted, 0) <> coalesce(tallied, 0)
  ),
  'secondsAhead', (
    SELECT coalesce(greatest(0, ceil(extract(epoch FROM max(cast_at) - clock_timestamp()))), 0) FROM public.votes
  )
)::text AS findings
