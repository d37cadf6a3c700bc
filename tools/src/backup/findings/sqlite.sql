-- What a restored store holds: votes, and options whose tallies are not what the votes say. One process does not
-- depend on the clock: it goes on above the newest vote.
SELECT json_object(
  'votes', (SELECT count(*) FROM votes),
  'wrongTallies', (
    SELECT count(*)
    FROM (SELECT poll, vote AS option, count(*) AS counted FROM votes GROUP BY poll, vote) AS votes
    FULL JOIN (
      SELECT poll, option, sum(votes) AS tallied FROM tallies GROUP BY poll, option
    ) AS tallies USING (poll, option)
    WHERE coalesce(counted, 0) <> coalesce(tallied, 0)
  ),
  'secondsAhead', 0
) AS findings
