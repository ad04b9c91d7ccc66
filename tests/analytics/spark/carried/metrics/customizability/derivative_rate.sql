-- kept__figures
WITH levels_1 AS (
  SELECT
    m.family_id,
    s.segment,
    m.downloads_all_time,
    CASE s.segment
      WHEN 'finetune'
      THEN m.finetunes
      WHEN 'adapter'
      THEN m.adapters
      WHEN 'quantized'
      THEN m.quantized
      WHEN 'merge'
      THEN m.merges
      ELSE m.finetunes + m.adapters + m.quantized + m.merges
    END AS level
  FROM VALUES
    ('all'),
    ('finetune'),
    ('adapter'),
    ('quantized'),
    ('merge') AS s(segment)
  CROSS JOIN metrics__newest_models AS m
), rates_1 AS (
  SELECT
    family_id,
    segment,
    CAST(1000.0 AS DOUBLE) * SUM(level) / NULLIF(SUM(downloads_all_time), 0) AS value,
    COUNT(*) AS n
  FROM levels_1 AS levels
  WHERE
    NOT level IS NULL AND NOT downloads_all_time IS NULL
  GROUP BY
    family_id,
    segment
)
SELECT
  family_id,
  'hub' AS channel_kind,
  'all' AS channel_role,
  segment,
  'per_1000' AS statistic,
  'all' AS `window`,
  value,
  value AS low,
  value AS high,
  n,
  n AS n_events,
  0 AS n_censored,
  CAST(NULL AS STRING) AS own_state,
  CAST(NULL AS STRING) AS own_note
FROM rates_1 AS rates
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
    ('finetune'),
    ('adapter'),
    ('quantized'),
    ('merge') AS s(segment)
  CROSS JOIN VALUES
    ('per_1000') AS t(statistic)
  CROSS JOIN VALUES
    ('all') AS w(`window`)
  CROSS JOIN metrics__channel_coverage AS c
  WHERE
    c.subject = 'lineage' AND c.channel_role = 'all'
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
    ON c.subject = 'lineage'
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
        THEN 'Only ' || CAST(n AS STRING) || ' models, worth ' || CAST(CAST(FLOOR(n_effective) AS BIGINT) AS STRING) || ' that do not depend on each other.'
        ELSE 'Not known yet.'
      END,
      NULLIF(own_note, ''),
      coverage_note
    ),
    ''
  ) AS note
FROM judged
