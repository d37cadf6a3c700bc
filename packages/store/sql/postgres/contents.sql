-- How much there is, without reading every vote.
SELECT
  (SELECT count(*) FROM rooms WHERE NOT removed)::float8 AS rooms,
  (SELECT count(*) FROM polls WHERE NOT removed)::float8 AS polls,
  (SELECT coalesce(sum(votes), 0) FROM tallies)::float8 AS votes
