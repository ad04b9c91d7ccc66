WITH pages AS (
  SELECT
    channel_id,
    MAX(CASE WHEN has_components THEN 1 ELSE 0 END) = 1 AS can_name_parts
  FROM metrics__incident_windows AS incident_windows
  GROUP BY
    channel_id
), bulks AS (
  SELECT
    channel_id,
    posted_at
  FROM metrics__incident_windows AS incident_windows
  WHERE
    is_retro
  GROUP BY
    channel_id,
    posted_at
  HAVING
    COUNT(*) >= 3
)
SELECT
  i.channel_id || '#' || i.incident_id AS item_id,
  i.channel_id,
  i.incident_id,
  i.title,
  i.url,
  i.family_id,
  'status' AS channel_kind,
  c.role AS channel_role,
  TRUE AS is_pooled,
  s.segment,
  i.age_days,
  i.kind,
  i.severity,
  i.posted_at,
  i.identified_at,
  i.monitoring_at,
  i.started_at,
  i.ended_at,
  i.incident_hours,
  i.updates_count,
  i.has_cause,
  i.has_postmortem,
  i.has_components,
  p.can_name_parts,
  i.is_open,
  i.is_retro,
  i.is_start_known,
  i.is_retro AND NOT b.posted_at IS NULL AS is_brought_over,
  i.is_start_known
  AND ABS(
    (
      FLOOR(UNIX_MICROS(i.posted_at) / 1000000) - FLOOR(UNIX_MICROS(i.started_at) / 1000000)
    )
  ) >= 60 AS is_start_stated,
  (
    UNIX_MICROS(i.posted_at) - UNIX_MICROS(i.started_at)
  ) / NULLIF(CAST(60e6 AS DOUBLE), 0) AS posted_minutes
FROM VALUES
  ('all'),
  ('api') AS s(segment)
JOIN metrics__incident_windows AS i
  ON s.segment = 'all' OR i.is_api OR i.is_unattributed
JOIN staging__channels AS c
  ON c.channel_id = i.channel_id
JOIN pages AS p
  ON p.channel_id = i.channel_id
LEFT JOIN bulks AS b
  ON b.channel_id = i.channel_id AND b.posted_at = i.posted_at
WHERE
  i.is_disturbance
