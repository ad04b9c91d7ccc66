-- kept__events
SELECT
  'incidents' AS rate,
  i.family_id,
  'status' AS channel_kind,
  'all' AS channel_role,
  i.segment,
  i.age_days,
  c.cluster_id
FROM metrics__counted_incidents AS i
LEFT JOIN metrics__incident_clusters AS c
  ON c.item_id = i.channel_id || '#' || i.incident_id
WHERE
  i.`window` = 'all'
UNION ALL
SELECT
  'entries',
  family_id,
  channel_kind,
  channel_role,
  'all',
  age_days,
  NULL
FROM metrics__release_gaps AS release_gaps
UNION ALL
SELECT
  p.rate,
  p.family_id,
  p.channel_kind,
  CASE WHEN s.pools_roles THEN 'all' ELSE p.channel_role END,
  p.segment,
  p.age_days,
  NULL
FROM metrics__scopes AS s
JOIN (
  SELECT
    'people' AS rate,
    family_id,
    channel_kind,
    channel_role,
    activity AS segment,
    age_days,
    is_pooled
  FROM metrics__people_activity AS people_activity
  WHERE
    is_known_first
  UNION ALL
  SELECT
    'questions',
    family_id,
    channel_kind,
    channel_role,
    'all',
    age_days,
    is_own
  FROM metrics__thread_responses AS thread_responses
  WHERE
    NOT family_id IS NULL AND author_role <> 'bot' AND NOT is_before_reach
  UNION ALL
  SELECT
    'closings',
    family_id,
    channel_kind,
    channel_role,
    'all',
    closed_days,
    is_own
  FROM metrics__thread_closings AS thread_closings
  WHERE
    NOT closed_days IS NULL
) AS p
  ON s.`window` = 'all' AND (
    p.is_pooled OR NOT s.pools_roles
  )
-- kept__spans
WITH watched AS (
  SELECT
    family_id,
    MAX((
      UNIX_MICROS(observed_until_at) - UNIX_MICROS(observed_from_at)
    )) / NULLIF(CAST(86400e6 AS DOUBLE), 0) AS days
  FROM staging__status_pages AS status_pages
  GROUP BY
    family_id
)
SELECT
  e.rate,
  e.family_id,
  e.channel_kind,
  e.channel_role,
  e.segment,
  COUNT(*) AS n,
  COALESCE(MAX(w.days), MAX(e.age_days)) AS days,
  LEAST(12, GREATEST(1, FLOOR(COALESCE(MAX(w.days), MAX(e.age_days)) / 30))) AS months
FROM kept__events AS e
LEFT JOIN watched AS w
  ON w.family_id = e.family_id AND e.rate = 'incidents'
GROUP BY
  e.rate,
  e.family_id,
  e.channel_kind,
  e.channel_role,
  e.segment
WITH bursts AS (
  SELECT
    rate,
    family_id,
    channel_kind,
    channel_role,
    segment,
    SUM(size * size) / NULLIF(CAST(SUM(size) AS DOUBLE), 0) AS burst_size
  FROM (
    SELECT
      rate,
      family_id,
      channel_kind,
      channel_role,
      segment,
      cluster_id,
      COUNT(*) AS size
    FROM kept__events AS events
    WHERE
      NOT cluster_id IS NULL
    GROUP BY
      rate,
      family_id,
      channel_kind,
      channel_role,
      segment,
      cluster_id
  ) AS clusters
  GROUP BY
    rate,
    family_id,
    channel_kind,
    channel_role,
    segment
), months AS (
  SELECT
    e.rate,
    e.family_id,
    e.channel_kind,
    e.channel_role,
    e.segment,
    FLOOR(e.age_days / 30) AS months_ago,
    MAX(s.months) AS months,
    COUNT(*) AS size
  FROM kept__events AS e
  JOIN kept__spans AS s
    ON e.rate = s.rate
    AND e.family_id = s.family_id
    AND e.channel_kind = s.channel_kind
    AND e.channel_role = s.channel_role
    AND e.segment = s.segment
  WHERE
    e.age_days < 30 * s.months
  GROUP BY
    e.rate,
    e.family_id,
    e.channel_kind,
    e.channel_role,
    e.segment,
    FLOOR(e.age_days / 30)
), spreads AS (
  SELECT
    rate,
    family_id,
    channel_kind,
    channel_role,
    segment,
    MAX(months) - 1 AS own_freedom,
    SUM(size) / NULLIF(MAX(months), 0) AS month_mean,
    (
      SUM(size * size) - POWER(SUM(size), 2) / NULLIF(MAX(months), 0)
    ) / NULLIF(SUM(size) / NULLIF(MAX(months), 0), 0) AS deviance
  FROM months
  GROUP BY
    rate,
    family_id,
    channel_kind,
    channel_role,
    segment
)
SELECT
  s.rate,
  s.family_id,
  s.channel_kind,
  s.channel_role,
  s.segment,
  CAST(COALESCE(m.own_freedom, 0) AS DOUBLE) AS months_freedom,
  COALESCE(m.month_mean, 0) AS month_mean,
  COALESCE(m.deviance, 0) AS months_deviance,
  COALESCE(
    b.burst_size / NULLIF(2 * EXP(CAST(0.25 AS DOUBLE) * s.n / NULLIF(s.days, 0)) - 1, 0),
    1
  ) AS run_size
FROM kept__spans AS s
LEFT JOIN spreads AS m
  ON s.rate = m.rate
  AND s.family_id = m.family_id
  AND s.channel_kind = m.channel_kind
  AND s.channel_role = m.channel_role
  AND s.segment = m.segment
LEFT JOIN bursts AS b
  ON s.rate = b.rate
  AND s.family_id = b.family_id
  AND s.channel_kind = b.channel_kind
  AND s.channel_role = b.channel_role
  AND s.segment = b.segment
