-- kept__figures
WITH ratios_1 AS (
  SELECT
    a.family_id,
    a.age_days,
    a.downloads_so_far / NULLIF(CAST(NULLIF(t.downloads_so_far, 0) AS DOUBLE), 0) AS ratio
  FROM metrics__adoption_ages AS a
  JOIN metrics__adoption_ages AS t
    ON t.size_class = a.size_class AND t.age_days = a.age_days AND t.place = 10
), figures_1 AS (
  SELECT
    r.family_id,
    r.age_days,
    t.statistic,
    COUNT(r.ratio) AS n,
    CASE WHEN t.statistic = 'best' THEN MAX(r.ratio) ELSE MEDIAN(r.ratio) END AS value
  FROM VALUES
    ('best'),
    ('median') AS t(statistic)
  CROSS JOIN ratios_1 AS r
  GROUP BY
    r.family_id,
    r.age_days,
    t.statistic
)
SELECT
  family_id,
  'hub' AS channel_kind,
  'all' AS channel_role,
  CAST(age_days AS STRING) || ' days old' AS segment,
  statistic,
  'all' AS `window`,
  value,
  value AS low,
  value AS high,
  n,
  n AS n_events,
  0 AS n_censored,
  CAST(NULL AS STRING) AS own_state,
  CAST(NULL AS STRING) AS own_note
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
    ('30 days old'),
    ('90 days old'),
    ('180 days old'),
    ('365 days old') AS s(segment)
  CROSS JOIN VALUES
    ('best'),
    ('median') AS t(statistic)
  CROSS JOIN VALUES
    ('all') AS w(`window`)
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
  'ratio' AS unit,
  n,
  n_events,
  n_censored,
  coverage_share,
  as_of_at,
  3 AS method_version,
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
