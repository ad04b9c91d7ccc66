SELECT
  CAST(MAX(COALESCE(as_of_at, last_run_at)) AS DATE) AS day_on
FROM staging__collections AS collections
