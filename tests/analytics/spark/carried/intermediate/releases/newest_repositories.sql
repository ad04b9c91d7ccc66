WITH ranked AS (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY channel_id ORDER BY day_on DESC) AS from_newest
  FROM staging__repositories_daily AS repositories_daily
  WHERE
    NOT family_id IS NULL AND NOT stars IS NULL
)
SELECT
  channel_id,
  family_id,
  channel_role,
  day_on,
  stars
FROM ranked
WHERE
  from_newest = 1
