WITH visits AS (
  SELECT
    channel_id,
    MAX(COALESCE(as_of_at, last_run_at)) AS as_of_at
  FROM metrics__release_visits AS release_visits
  GROUP BY
    channel_id
), dated AS (
  SELECT
    r.release_id,
    r.channel_id,
    r.family_id,
    c.channel_kind,
    r.channel_role,
    CASE WHEN r.is_prerelease THEN 'pre-release' ELSE 'stable' END AS segment,
    r.released_at,
    COALESCE(v.as_of_at, MAX(r.released_at) OVER (PARTITION BY r.channel_id)) AS observed_until_at
  FROM staging__releases AS r
  JOIN staging__channels AS c
    ON c.channel_id = r.channel_id
  LEFT JOIN visits AS v
    ON v.channel_id = r.channel_id
  WHERE
    NOT r.released_at IS NULL AND NOT r.family_id IS NULL AND c.family_id <> '_shared'
)
SELECT
  *,
  LEAD(released_at) OVER (
    PARTITION BY channel_id, segment
    ORDER BY released_at NULLS LAST, release_id NULLS LAST
  ) AS next_released_at,
  (
    UNIX_MICROS(observed_until_at) - UNIX_MICROS(released_at)
  ) / NULLIF(CAST(86400e6 AS DOUBLE), 0) AS age_days
FROM dated
