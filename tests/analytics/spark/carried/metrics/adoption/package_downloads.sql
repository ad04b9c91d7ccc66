-- kept__shared_1
WITH newest_1 AS (
  SELECT
    family_id,
    channel_id,
    MAX(downloaded_on) AS newest_on
  FROM metrics__package_days AS package_days
  GROUP BY
    family_id,
    channel_id
)
SELECT
  family_id,
  MIN(newest_on) AS last_on,
  MAX(newest_on) AS newest_on,
  COUNT(*) AS packages_count
FROM newest_1 AS newest
GROUP BY
  family_id
-- kept__figures
WITH added_1 AS (
  SELECT
    p.family_id,
    p.downloaded_on,
    SUM(p.downloads_count) AS downloads_count
  FROM staging__packages_daily AS p
  JOIN kept__shared_1 AS s
    ON s.family_id = p.family_id
    AND DATEDIFF(DAY, p.downloaded_on, s.last_on) BETWEEN 0 AND 29
    AND DATEDIFF(DAY, s.last_on, s.newest_on) < 30
  GROUP BY
    p.family_id,
    p.downloaded_on,
    s.packages_count
  HAVING
    COUNT(*) = s.packages_count
), days_1 AS (
  SELECT
    family_id,
    channel_id,
    'package:' || package_name AS segment,
    downloads_count
  FROM metrics__package_days AS package_days
  UNION ALL
  SELECT
    s.family_id,
    '',
    'all',
    a.downloads_count
  FROM kept__shared_1 AS s
  LEFT JOIN added_1 AS a
    ON a.family_id = s.family_id
), grouped_1 AS (
  SELECT
    family_id,
    channel_id,
    segment,
    SUM(downloads_count) AS downloads,
    CAST(MEDIAN(downloads_count) AS DOUBLE) AS middle,
    COUNT(downloads_count) AS days_count
  FROM days_1 AS days
  GROUP BY
    family_id,
    channel_id,
    segment
), figures_1 AS (
  SELECT
    g.*,
    t.statistic,
    CAST(CASE WHEN t.statistic = 'rolling_30d' THEN g.downloads ELSE g.middle END AS DOUBLE) AS value,
    CASE
      WHEN g.segment = 'all' AND s.last_on < s.newest_on
      THEN 'Up to ' || CAST(s.last_on AS STRING) || ', the last day that all packages have reported.'
    END AS day_note
  FROM VALUES
    ('rolling_30d'),
    ('daily_median') AS t(statistic)
  CROSS JOIN grouped_1 AS g
  JOIN kept__shared_1 AS s
    ON s.family_id = g.family_id
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
  NULLIF(
    CONCAT_WS(
      ' ',
      CASE
        WHEN days_count < 30
        THEN 'Only ' || CAST(days_count AS STRING) || ' of the last 30 days were reported.'
      END,
      day_note
    ),
    ''
  ) AS own_note
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
  2 AS method_version,
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
