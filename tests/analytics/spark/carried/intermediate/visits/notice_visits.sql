SELECT
  channel_id,
  thing,
  as_of_at,
  last_run_at,
  reach_at,
  first_run_at,
  coverage_share
FROM staging__collections AS collections
WHERE
  thing = 'notices'
