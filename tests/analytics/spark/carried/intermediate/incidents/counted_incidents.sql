SELECT
  i.channel_id,
  i.family_id,
  i.incident_id,
  i.url,
  i.kind,
  i.severity,
  s.segment,
  w.`window`,
  i.age_days
FROM VALUES
  ('all'),
  ('api'),
  ('unattributed'),
  ('own fault'),
  ('third-party') AS s(segment)
CROSS JOIN metrics__scopes AS w
JOIN metrics__incident_windows AS i
  ON CASE s.segment
    WHEN 'all'
    THEN TRUE
    WHEN 'api'
    THEN i.is_api
    WHEN 'unattributed'
    THEN i.is_unattributed
    ELSE i.is_api AND (
      s.segment = 'third-party'
    ) = (
      i.kind = 'third-party'
    )
  END
  AND (
    w.pools_roles AND i.age_days <= w.window_days
  )
JOIN staging__status_pages AS p
  ON p.channel_id = i.channel_id AND p.observed_from_at < p.observed_until_at
WHERE
  i.is_disturbance
  AND i.posted_at > p.observed_from_at
  AND i.age_days BETWEEN 0 AND (
    UNIX_MICROS(p.observed_until_at) - UNIX_MICROS(p.observed_from_at)
  ) / NULLIF(CAST(86400e6 AS DOUBLE), 0)
