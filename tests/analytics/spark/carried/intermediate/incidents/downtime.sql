-- kept__pages
WITH clocks AS (
  SELECT
    channel_id,
    MAX(ended_at) AS clock_from_at
  FROM metrics__incident_windows AS incident_windows
  WHERE
    posted_at = observed_from_at
    AND NOT ended_at IS NULL
    AND (
      is_disturbance OR kind = 'suspension'
    )
  GROUP BY
    channel_id
)
SELECT
  p.channel_id,
  p.family_id,
  s.segment,
  l.level,
  w.`window`,
  (
    UNIX_MICROS(p.observed_until_at) - UNIX_MICROS(p.observed_from_at)
  ) / NULLIF(CAST(3600e6 AS DOUBLE), 0) AS end_hours,
  GREATEST(
    0,
    COALESCE(
      (
        UNIX_MICROS(c.clock_from_at) - UNIX_MICROS(p.observed_from_at)
      ) / NULLIF(CAST(3600e6 AS DOUBLE), 0),
      0
    ),
    (
      UNIX_MICROS(p.observed_until_at) - UNIX_MICROS(p.observed_from_at)
    ) / NULLIF(CAST(3600e6 AS DOUBLE), 0) - 24 * w.window_days
  ) AS start_hours
FROM VALUES
  ('all'),
  ('api') AS s(segment)
CROSS JOIN (
  SELECT DISTINCT
    `window`,
    window_days
  FROM metrics__scopes AS scopes
) AS w
CROSS JOIN (
  SELECT DISTINCT
    level
  FROM metrics__uptime_weights AS uptime_weights
  UNION
  SELECT
    'outage'
) AS l
CROSS JOIN staging__status_pages AS p
LEFT JOIN clocks AS c
  ON c.channel_id = p.channel_id
WHERE
  p.observed_from_at < p.observed_until_at
  AND COALESCE(c.clock_from_at < p.observed_until_at, TRUE)
WITH cut AS (
  SELECT
    p.*,
    b.bound,
    s.incident_id,
    s.is_unsure,
    s.is_ungraded,
    GREATEST(s.from_hours, p.start_hours) AS from_hours,
    LEAST(s.until_hours, p.end_hours) AS until_hours
  FROM VALUES
    ('certain'),
    ('possible') AS b(bound)
  CROSS JOIN kept__pages AS p
  JOIN metrics__incident_levels AS s
    ON s.channel_id = p.channel_id
    AND s.segment = p.segment
    AND s.level = p.level
    AND s.until_hours > p.start_hours
    AND s.from_hours < p.end_hours
    AND (
      b.bound = 'possible' OR NOT s.is_unsure
    )
), added AS (
  SELECT
    *,
    GREATEST(
      0,
      until_hours - GREATEST(
        from_hours,
        COALESCE(
          MAX(until_hours) OVER (
            PARTITION BY channel_id, segment, level, `window`, bound
            ORDER BY from_hours NULLS LAST, until_hours NULLS LAST, incident_id NULLS LAST
            rows BETWEEN UNBOUNDED preceding AND 1 preceding
          ),
          from_hours
        )
      )
    ) AS added_hours
  FROM cut
), posted AS (
  SELECT
    channel_id,
    segment,
    `window`,
    level,
    SUM(added_hours) FILTER(WHERE
      bound = 'certain') AS certain_hours,
    SUM(added_hours) FILTER(WHERE
      bound = 'possible') AS possible_hours,
    COUNT(*) FILTER(WHERE
      bound = 'possible') AS incidents_count,
    COUNT(*) FILTER(WHERE
      bound = 'possible' AND is_unsure) AS unsure_count,
    COUNT(*) FILTER(WHERE
      bound = 'certain' AND is_ungraded) AS ungraded_count
  FROM added
  GROUP BY
    channel_id,
    segment,
    `window`,
    level
)
SELECT
  p.channel_id,
  p.family_id,
  p.segment,
  p.`window`,
  p.level,
  p.end_hours - p.start_hours AS observed_hours,
  COALESCE(s.certain_hours, 0) AS certain_hours,
  COALESCE(s.possible_hours, 0) AS possible_hours,
  COALESCE(s.incidents_count, 0) AS incidents_count,
  COALESCE(s.unsure_count, 0) AS unsure_count,
  COALESCE(s.ungraded_count, 0) AS ungraded_count
FROM kept__pages AS p
LEFT JOIN posted AS s
  ON s.channel_id = p.channel_id
  AND s.segment = p.segment
  AND s.`window` = p.`window`
  AND s.level = p.level
