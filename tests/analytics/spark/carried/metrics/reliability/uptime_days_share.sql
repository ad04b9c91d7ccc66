-- kept__added_1
WITH looks_1 AS (
  SELECT
    channel_id,
    CAST(MAX(seen_at) AS DATE) AS seen_on
  FROM staging__downtime_days AS downtime_days
  GROUP BY
    channel_id
), days_1 AS (
  SELECT
    d.family_id,
    s.segment,
    w.`window`,
    d.channel_id,
    d.day_on,
    COUNT(*) AS parts_count,
    SUM(d.downtime_seconds) AS sum_seconds,
    MAX(d.downtime_seconds) AS most_seconds
  FROM VALUES
    ('all'),
    ('api') AS s(segment)
  JOIN staging__downtime_days AS d
    ON s.segment = 'all' OR d.is_api
  JOIN looks_1 AS l
    ON l.channel_id = d.channel_id
  JOIN metrics__scopes AS w
    ON w.pools_roles
    AND w.`window` IN ('30d', '90d')
    AND DATEDIFF(DAY, d.day_on, l.seen_on) <= w.window_days
  GROUP BY
    d.family_id,
    s.segment,
    w.`window`,
    d.channel_id,
    d.day_on
)
SELECT
  family_id,
  segment,
  `window`,
  COUNT(DISTINCT day_on) AS days_count,
  SUM(parts_count) AS n,
  1 - SUM(sum_seconds) / NULLIF(CAST(86400.0 AS DOUBLE) * SUM(parts_count), 0) AS parts_share,
  1 - AVG(LEAST(86400, sum_seconds)) / NULLIF(CAST(86400.0 AS DOUBLE), 0) AS apart_share,
  1 - AVG(LEAST(86400, most_seconds)) / NULLIF(CAST(86400.0 AS DOUBLE), 0) AS together_share
FROM days_1 AS days
GROUP BY
  family_id,
  segment,
  `window`
-- kept__figures
WITH told_1 AS (
  SELECT
    a.*,
    t.statistic,
    CASE t.statistic
      WHEN 'parts'
      THEN a.parts_share
      WHEN 'no_part_down'
      THEN a.apart_share
      ELSE u.low
    END AS low,
    CASE t.statistic
      WHEN 'parts'
      THEN a.parts_share
      WHEN 'no_part_down'
      THEN a.together_share
      ELSE u.high
    END AS high
  FROM VALUES
    ('parts'),
    ('no_part_down'),
    ('ours') AS t(statistic)
  CROSS JOIN kept__added_1 AS a
  LEFT JOIN metrics__uptime_share AS u
    ON u.family_id = a.family_id
    AND u.segment = a.segment
    AND u.`window` = a.`window`
    AND u.statistic = 'any_severity'
)
SELECT
  t.family_id,
  'status' AS channel_kind,
  'all' AS channel_role,
  t.segment,
  t.statistic,
  t.`window`,
  CASE WHEN t.high - t.low <= r.widest_uptime_range THEN (
    t.low + t.high
  ) / 2 END AS value,
  t.low,
  t.high,
  t.n,
  t.n AS n_events,
  0 AS n_censored,
  CASE
    WHEN t.days_count < r.min_observed_days OR t.low IS NULL
    THEN 'not enough data'
    ELSE 'measured'
  END AS own_state,
  'Counted on ' || CAST(t.days_count AS STRING) || ' days.' AS own_note
FROM metrics__rules AS r
CROSS JOIN told_1 AS t
UNION ALL
SELECT
  p.family_id,
  'status',
  'all',
  s.segment,
  t.statistic,
  w.`window`,
  NULL,
  NULL,
  NULL,
  0,
  0,
  0,
  CASE
    WHEN BOOL_OR(COALESCE(p.format = 'betterstack', FALSE))
    THEN 'not collected'
    ELSE 'not applicable'
  END,
  CASE
    WHEN BOOL_OR(COALESCE(p.format = 'betterstack', FALSE))
    THEN 'No day has been read yet.'
    ELSE 'The page publishes no daily counts.'
  END
FROM VALUES
  ('all'),
  ('api') AS s(segment)
CROSS JOIN VALUES
  ('parts'),
  ('no_part_down'),
  ('ours') AS t(statistic)
CROSS JOIN staging__status_pages AS p
JOIN metrics__scopes AS w
  ON w.pools_roles AND w.`window` IN ('30d', '90d')
WHERE
  NOT EXISTS(
    SELECT
      1
    FROM kept__added_1 AS a
    WHERE
      a.family_id = p.family_id AND a.segment = s.segment
  )
GROUP BY
  p.family_id,
  s.segment,
  t.statistic,
  w.`window`
WITH asked AS (
  SELECT
    c.family_id,
    c.channel_kind,
    c.channel_role,
    s.segment,
    t.statistic,
    w.`window`
  FROM VALUES
    ('all'),
    ('api') AS s(segment)
  CROSS JOIN VALUES
    ('parts'),
    ('no_part_down'),
    ('ours') AS t(statistic)
  CROSS JOIN VALUES
    ('30d'),
    ('90d') AS w(`window`)
  CROSS JOIN metrics__channel_coverage AS c
  WHERE
    c.subject = 'incidents' AND c.channel_role = 'all'
  UNION
  SELECT
    family_id,
    channel_kind,
    channel_role,
    segment,
    statistic,
    `window`
  FROM kept__figures AS figures
), judged AS (
  SELECT
    c.side,
    c.coverage_share,
    c.as_of_at,
    c.coverage_note,
    a.*,
    f.value,
    f.low,
    f.high,
    f.own_note,
    CAST(NULL AS STRING) AS own_shortfall,
    CAST(COALESCE(f.n, 0) AS BIGINT) AS n,
    CAST(COALESCE(f.n_events, 0) AS BIGINT) AS n_events,
    f.n AS n_effective,
    r.min_items_count,
    r.min_effective_count,
    CAST(COALESCE(f.n_censored, 0) AS BIGINT) AS n_censored,
    CASE
      WHEN c.coverage_state <> 'measured'
      THEN c.coverage_state
      WHEN NOT f.own_state IS NULL
      THEN f.own_state
      WHEN f.value IS NULL
      THEN 'not enough data'
      ELSE 'measured'
    END AS verdict
  FROM metrics__rules AS r
  CROSS JOIN asked AS a
  JOIN metrics__channel_coverage AS c
    ON c.subject = 'incidents'
    AND c.family_id = a.family_id
    AND c.channel_kind = a.channel_kind
    AND c.channel_role = a.channel_role
  LEFT JOIN kept__figures AS f
    ON f.family_id = a.family_id
    AND f.channel_kind = a.channel_kind
    AND f.channel_role = a.channel_role
    AND f.segment = a.segment
    AND f.statistic = a.statistic
    AND f.`window` = a.`window`
)
SELECT
  family_id,
  side,
  channel_kind,
  channel_role,
  segment,
  statistic,
  `window`,
  CASE WHEN verdict = 'measured' THEN ROUND(CAST(value AS DOUBLE), 10) END AS value,
  CASE WHEN verdict = 'measured' THEN ROUND(CAST(low AS DOUBLE), 10) END AS low,
  CASE WHEN verdict = 'measured' THEN ROUND(CAST(high AS DOUBLE), 10) END AS high,
  'share' AS unit,
  n,
  n_events,
  n_censored,
  coverage_share,
  as_of_at,
  5 AS method_version,
  verdict AS state,
  NULLIF(
    CONCAT_WS(
      ' ',
      CASE
        WHEN verdict <> 'not enough data'
        THEN NULL
        WHEN NOT own_shortfall IS NULL
        THEN own_shortfall
        WHEN n >= min_items_count AND n_effective < min_effective_count
        THEN 'Only ' || CAST(n AS STRING) || ' days of parts, worth ' || CAST(CAST(FLOOR(n_effective) AS BIGINT) AS STRING) || ' that do not depend on each other.'
        ELSE 'Not known yet.'
      END,
      NULLIF(own_note, ''),
      coverage_note
    ),
    ''
  ) AS note
FROM judged
