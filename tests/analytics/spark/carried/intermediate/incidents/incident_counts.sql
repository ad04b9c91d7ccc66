WITH pages AS (
  SELECT
    p.family_id,
    s.segment,
    w.`window`,
    SUM(
      LEAST(
        w.window_days,
        (
          UNIX_MICROS(p.observed_until_at) - UNIX_MICROS(p.observed_from_at)
        ) / NULLIF(CAST(86400e6 AS DOUBLE), 0)
      )
    ) AS observed_days
  FROM VALUES
    ('all'),
    ('api'),
    ('unattributed'),
    ('own fault'),
    ('third-party') AS s(segment)
  CROSS JOIN staging__status_pages AS p
  JOIN metrics__scopes AS w
    ON w.pools_roles
  WHERE
    p.observed_from_at < p.observed_until_at
  GROUP BY
    p.family_id,
    s.segment,
    w.`window`
), counted AS (
  SELECT
    family_id,
    segment,
    `window`,
    COUNT(*) AS incidents_count
  FROM metrics__counted_incidents AS counted_incidents
  GROUP BY
    family_id,
    segment,
    `window`
)
SELECT
  p.family_id,
  p.segment,
  p.`window`,
  p.observed_days,
  COALESCE(c.incidents_count, 0) AS incidents_count
FROM pages AS p
LEFT JOIN counted AS c
  ON c.family_id = p.family_id AND c.segment = p.segment AND c.`window` = p.`window`
