WITH visits AS (
  SELECT
    channel_id,
    MAX(COALESCE(as_of_at, last_run_at)) AS as_of_at,
    MAX(reach_at) AS reach_at
  FROM metrics__change_visits AS change_visits
  WHERE
    thing = 'pulls'
  GROUP BY
    channel_id
)
SELECT
  c.change_id,
  g.segment,
  c.family_id,
  c.channel_role,
  (
    UNIX_MICROS(COALESCE(v.as_of_at, c.seen_at)) - UNIX_MICROS(c.opened_at)
  ) / NULLIF(CAST(86400e6 AS DOUBLE), 0) AS opened_days,
  (
    UNIX_MICROS(COALESCE(v.as_of_at, c.seen_at)) - UNIX_MICROS(c.closed_at)
  ) / NULLIF(CAST(86400e6 AS DOUBLE), 0) AS closed_days,
  COALESCE(
    (
      UNIX_MICROS(v.as_of_at) - UNIX_MICROS(v.reach_at)
    ) / NULLIF(CAST(86400e6 AS DOUBLE), 0),
    1000000
  ) AS read_days
FROM VALUES
  ('all'),
  ('people') AS g(segment)
JOIN staging__changes AS c
  ON g.segment = 'all' OR NOT c.author_role IN ('bot', 'agent')
LEFT JOIN visits AS v
  ON v.channel_id = c.channel_id
WHERE
  NOT c.family_id IS NULL
