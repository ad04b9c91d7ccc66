-- kept__figures
WITH newest_1 AS (
  SELECT
    family_id,
    MAX(day_on) AS day_on
  FROM staging__models_daily AS models_daily
  WHERE
    NOT downloads_30d IS NULL
  GROUP BY
    family_id
), rolling_1 AS (
  SELECT
    family_id,
    'rolling_30d' AS statistic,
    CAST(SUM(downloads_30d) AS DOUBLE) AS value,
    COUNT(*) AS n,
    0 AS anomalies_count
  FROM metrics__newest_models AS newest_models
  WHERE
    NOT downloads_30d IS NULL
  GROUP BY
    family_id
), gained_1 AS (
  SELECT
    m.family_id,
    m.channel_id,
    m.model_id,
    COUNT(*) FILTER(WHERE
      m.is_anomaly) AS anomalies_count,
    SUM(m.downloads_all_time - m.previous_downloads) / NULLIF(CAST(SUM(DATEDIFF(DAY, m.previous_on, m.day_on)) AS DOUBLE), 0) AS downloads_per_day
  FROM metrics__model_changes AS m
  JOIN newest_1 AS d
    ON d.family_id = m.family_id
    AND DATEDIFF(DAY, m.previous_on, d.day_on) BETWEEN 0 AND 30
  GROUP BY
    m.family_id,
    m.channel_id,
    m.model_id
), daily_1 AS (
  SELECT
    family_id,
    'daily_difference' AS statistic,
    CASE WHEN SUM(anomalies_count) = 0 THEN ROUND(SUM(downloads_per_day), 4) END AS value,
    COUNT(*) AS n,
    CAST(SUM(anomalies_count) AS BIGINT) AS anomalies_count
  FROM gained_1 AS gained
  GROUP BY
    family_id
), found_1 AS (
  SELECT
    *
  FROM rolling_1 AS rolling
  UNION ALL
  SELECT
    *
  FROM daily_1 AS daily
)
SELECT
  family_id,
  'hub' AS channel_kind,
  'all' AS channel_role,
  'all' AS segment,
  statistic,
  '30d' AS `window`,
  value,
  value AS low,
  value AS high,
  n,
  n AS n_events,
  0 AS n_censored,
  'measured' AS own_state,
  CASE
    WHEN anomalies_count > 0
    THEN 'Anomaly: the all-time count of a model fell ' || anomalies_count || ' times in this period, so no difference is given.'
  END AS own_note
FROM found_1 AS found
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
    ('daily_difference') AS t(statistic)
  CROSS JOIN VALUES
    ('30d') AS w(`window`)
  CROSS JOIN metrics__channel_coverage AS c
  WHERE
    c.subject = 'models' AND c.channel_role = 'all'
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
    ON c.subject = 'models'
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
        THEN 'Only ' || CAST(n AS STRING) || ' models, worth ' || CAST(CAST(FLOOR(n_effective) AS BIGINT) AS STRING) || ' that do not depend on each other.'
        ELSE 'Not known yet.'
      END,
      NULLIF(own_note, ''),
      coverage_note
    ),
    ''
  ) AS note
FROM judged
