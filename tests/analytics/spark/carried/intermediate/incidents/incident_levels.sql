WITH levels AS (
  SELECT
    *
  FROM VALUES
    ('any', 1),
    ('partial', 2),
    ('outage', 3),
    ('suspension', NULL),
    ('any or suspension', 1) AS l(level, from_severity)
)
SELECT
  i.channel_id,
  i.family_id,
  i.incident_id,
  s.segment,
  l.level,
  i.is_end_unknown
  OR (
    s.segment = 'api' AND NOT i.is_api
  )
  OR (
    i.is_disturbance AND i.severity IS NULL AND l.from_severity > 1
  ) AS is_unsure,
  i.is_disturbance AND i.severity IS NULL AS is_ungraded,
  (
    UNIX_MICROS(i.started_at) - UNIX_MICROS(i.observed_from_at)
  ) / NULLIF(CAST(3600e6 AS DOUBLE), 0) AS from_hours,
  (
    UNIX_MICROS(COALESCE(i.ended_at, i.ended_before_at, i.observed_until_at)) - UNIX_MICROS(i.observed_from_at)
  ) / NULLIF(CAST(3600e6 AS DOUBLE), 0) AS until_hours,
  (
    UNIX_MICROS(i.observed_until_at) - UNIX_MICROS(COALESCE(i.ended_at, i.ended_before_at, i.observed_until_at))
  ) / NULLIF(CAST(86400e6 AS DOUBLE), 0) AS ended_days
FROM VALUES
  ('all'),
  ('api') AS s(segment)
CROSS JOIN levels AS l
JOIN metrics__incident_windows AS i
  ON (
    s.segment = 'all' OR i.is_api OR i.is_unattributed
  )
  AND (
    (
      i.is_disturbance AND l.from_severity <= GREATEST(1, COALESCE(i.severity, 3))
    )
    OR (
      i.kind = 'suspension' AND l.level IN ('suspension', 'any or suspension')
    )
  )
WHERE
  i.is_start_known
  AND NOT COALESCE(i.posted_at = i.observed_from_at AND NOT i.ended_at IS NULL, FALSE)
