-- kept__packages_1
SELECT
  family_id,
  package_name,
  SUM(downloads_count) AS downloads,
  CAST(MEDIAN(downloads_count) AS DOUBLE) AS middle,
  COUNT(*) AS days_count
FROM metrics__package_days AS package_days
GROUP BY
  family_id,
  channel_id,
  package_name
-- kept__figures
WITH grouped_1 AS (
  SELECT
    family_id,
    'package:' || package_name AS segment,
    downloads,
    middle,
    days_count
  FROM kept__packages_1 AS packages
  UNION ALL
  SELECT
    family_id,
    'all',
    SUM(downloads),
    SUM(middle),
    MIN(days_count)
  FROM kept__packages_1 AS packages
  GROUP BY
    family_id
), figures_1 AS (
  SELECT
    g.*,
    t.statistic,
    CAST(CASE WHEN t.statistic = 'rolling_30d' THEN g.downloads ELSE g.middle END AS DOUBLE) AS value
  FROM VALUES
    ('rolling_30d'),
    ('daily_median') AS t(statistic)
  CROSS JOIN grouped_1 AS g
)
SELECT
  family_id,
  'packages' AS channel_kind,
  'all' AS channel_role,
  segment,
  statistic,
  '30d' AS `window`,
  value,
  value AS low,
  value AS high,
  days_count AS n,
  days_count AS n_events,
  0 AS n_censored,
  CASE WHEN days_count < 30 THEN 'not enough data' END AS own_state,
  CASE
    WHEN days_count < 30
    THEN 'Only ' || CAST(days_count AS STRING) || ' of the last 30 days were reported.'
  END AS own_note
FROM figures_1 AS figures
WITH asked AS (
  SELECT
    c.family_id,
    c.channel_kind,
    c.channel_role,
    s.segment,
    t.statistic,
    w.`window`
  FROM VALUES
    ('all') AS s(segment)
  CROSS JOIN VALUES
    ('rolling_30d'),
    ('daily_median') AS t(statistic)
  CROSS JOIN VALUES
    ('30d') AS w(`window`)
  CROSS JOIN metrics__channel_coverage AS c
  WHERE
    c.subject = 'packages' AND c.channel_role = 'all'
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
    ON c.subject = 'packages'
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
  'downloads' AS unit,
  n,
  n_events,
  n_censored,
  coverage_share,
  as_of_at,
  1 AS method_version,
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
        THEN 'Only ' || CAST(n AS STRING) || ' reported days, worth ' || CAST(CAST(FLOOR(n_effective) AS BIGINT) AS STRING) || ' that do not depend on each other.'
        ELSE 'Not known yet.'
      END,
      NULLIF(own_note, ''),
      coverage_note
    ),
    ''
  ) AS note
FROM judged
