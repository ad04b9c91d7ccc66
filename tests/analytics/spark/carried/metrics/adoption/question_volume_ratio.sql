-- kept__figures
WITH downloads_1 AS (
  SELECT
    family_id,
    'models' AS segment,
    value AS downloads
  FROM metrics__model_downloads AS model_downloads
  WHERE
    statistic = 'rolling_30d' AND state = 'measured'
  UNION ALL
  SELECT
    family_id,
    'packages',
    value
  FROM metrics__package_downloads AS package_downloads
  WHERE
    statistic = 'rolling_30d' AND segment = 'all' AND state = 'measured'
)
SELECT
  q.family_id,
  q.channel_kind,
  q.channel_role,
  s.segment,
  'per_1000' AS statistic,
  '30d' AS `window`,
  q.questions_count * CAST(1000.0 AS DOUBLE) / NULLIF(d.downloads, 0) AS value,
  p.mean_low * 1000 / NULLIF(d.downloads, 0) AS low,
  p.mean_high * 1000 / NULLIF(d.downloads, 0) AS high,
  q.questions_count AS n,
  q.questions_count AS n_events,
  0 AS n_censored,
  CASE
    WHEN d.downloads IS NULL AND NOT a.state IS NULL
    THEN a.state
    WHEN NOT q.is_whole
    THEN 'not enough data'
  END AS own_state,
  NULLIF(
    CONCAT_WS(
      ' ',
      CASE WHEN NOT q.is_whole THEN 'Part of the 30 days was not read.' END,
      CASE
        WHEN d.downloads IS NULL
        THEN 'Its ' || s.segment || ' have no download count.'
      END
    ),
    ''
  ) AS own_note
FROM VALUES
  ('models'),
  ('packages') AS s(segment)
CROSS JOIN metrics__question_counts AS q
JOIN metrics__rate_limits AS p
  ON p.rate = 'questions'
  AND p.family_id = q.family_id
  AND p.channel_kind = q.channel_kind
  AND p.channel_role = q.channel_role
LEFT JOIN downloads_1 AS d
  ON d.family_id = q.family_id AND d.segment = s.segment
LEFT JOIN staging__absences AS a
  ON a.family_id = q.family_id
  AND a.channel_kind = CASE s.segment WHEN 'models' THEN 'hub' ELSE 'packages' END
WITH asked AS (
  SELECT
    c.family_id,
    c.channel_kind,
    c.channel_role,
    s.segment,
    t.statistic,
    w.`window`
  FROM VALUES
    ('models'),
    ('packages') AS s(segment)
  CROSS JOIN VALUES
    ('per_1000') AS t(statistic)
  CROSS JOIN VALUES
    ('30d') AS w(`window`)
  CROSS JOIN metrics__channel_coverage AS c
  WHERE
    c.subject = 'threads'
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
    ON c.subject = 'threads'
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
  'per 1,000 downloads' AS unit,
  n,
  n_events,
  n_censored,
  coverage_share,
  as_of_at,
  7 AS method_version,
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
        THEN 'Only ' || CAST(n AS STRING) || ' threads, worth ' || CAST(CAST(FLOOR(n_effective) AS BIGINT) AS STRING) || ' that do not depend on each other.'
        ELSE 'Not known yet.'
      END,
      NULLIF(own_note, ''),
      coverage_note
    ),
    ''
  ) AS note
FROM judged
