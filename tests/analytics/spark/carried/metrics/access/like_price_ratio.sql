-- kept__families_1
WITH kinds_1 AS (
  SELECT
    m.family_id,
    f.side,
    LN(m.blended_usd) AS log_price,
    CONCAT_WS(
      '/',
      CASE
        WHEN m.context_tokens <= 65536
        THEN '64'
        WHEN m.context_tokens <= 262144
        THEN '256'
        ELSE 'longer'
      END,
      COALESCE(ARRAY_CONTAINS(m.input_kinds, 'image'), FALSE),
      COALESCE(ARRAY_CONTAINS(m.supported_names, 'tools'), FALSE),
      COALESCE(ARRAY_CONTAINS(m.supported_names, 'reasoning'), FALSE)
    ) AS model_kind
  FROM metrics__offered_models AS m
  JOIN staging__families AS f
    ON f.family_id = m.family_id
  WHERE
    m.is_listed
    AND m.is_of_side
    AND m.blended_usd > 0
    AND NOT m.context_tokens IS NULL
    AND f.side IN ('open', 'proprietary')
)
SELECT
  family_id,
  side,
  model_kind,
  MEDIAN(log_price) AS log_price,
  COUNT(*) AS models_count
FROM kinds_1 AS kinds
GROUP BY
  family_id,
  side,
  model_kind
-- kept__figures
WITH sides_1 AS (
  SELECT
    model_kind,
    side,
    MEDIAN(log_price) AS log_price
  FROM kept__families_1 AS families
  GROUP BY
    model_kind,
    side
), middles_1 AS (
  SELECT
    model_kind,
    AVG(log_price) AS log_price
  FROM sides_1 AS sides
  GROUP BY
    model_kind
  HAVING
    COUNT(*) = 2
), figures_1 AS (
  SELECT
    f.family_id,
    EXP(AVG(f.log_price - m.log_price)) AS value,
    CAST(SUM(f.models_count) AS BIGINT) AS n
  FROM kept__families_1 AS f
  JOIN middles_1 AS m
    ON m.model_kind = f.model_kind
  GROUP BY
    f.family_id
), kept_1 AS (
  SELECT
    family_id,
    COUNT(*) AS kept_count
  FROM metrics__offered_models AS offered_models
  WHERE
    is_listed AND NOT is_of_side
  GROUP BY
    family_id
)
SELECT
  f.family_id,
  'prices' AS channel_kind,
  'all' AS channel_role,
  'blended' AS segment,
  'median' AS statistic,
  'all' AS `window`,
  f.value,
  f.value AS low,
  f.value AS high,
  f.n,
  f.n AS n_events,
  0 AS n_censored,
  CAST(NULL AS STRING) AS own_state,
  CASE
    WHEN k.kept_count > 0
    THEN 'Left out: ' || CAST(k.kept_count AS STRING) || ' without named weights.'
  END AS own_note
FROM figures_1 AS f
LEFT JOIN kept_1 AS k
  ON k.family_id = f.family_id
WITH asked AS (
  SELECT
    c.family_id,
    c.channel_kind,
    c.channel_role,
    s.segment,
    t.statistic,
    w.`window`
  FROM VALUES
    ('blended') AS s(segment)
  CROSS JOIN VALUES
    ('median') AS t(statistic)
  CROSS JOIN VALUES
    ('all') AS w(`window`)
  CROSS JOIN metrics__channel_coverage AS c
  WHERE
    c.subject = 'prices' AND c.channel_role = 'all'
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
    ON c.subject = 'prices'
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
  'times the middle price' AS unit,
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
