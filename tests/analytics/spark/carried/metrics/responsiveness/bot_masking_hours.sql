-- kept__figures
WITH medians_1 AS (
  SELECT
    p.*,
    a.value AS any_value,
    a.low AS any_low,
    a.high AS any_high
  FROM metrics__survival_summary AS p
  JOIN metrics__survival_summary AS a
    ON a.subject = p.subject
    AND a.family_id = p.family_id
    AND a.channel_kind = p.channel_kind
    AND a.channel_role = p.channel_role
    AND a.`window` = p.`window`
    AND a.statistic = p.statistic
    AND a.segment = 'anything'
  WHERE
    p.subject = 'response' AND p.segment = 'anyone' AND p.statistic = 'median'
), parts_1 AS (
  SELECT
    m.*,
    m.value - m.any_value AS masked,
    m.value - m.low AS below,
    m.high - m.value AS above,
    m.any_value - m.any_low AS any_below,
    m.any_high - m.any_value AS any_above,
    COALESCE(t.correlation, 0) AS correlation
  FROM medians_1 AS m
  LEFT JOIN metrics__median_designs AS t
    ON m.family_id = t.family_id
    AND m.channel_kind = t.channel_kind
    AND m.channel_role = t.channel_role
    AND m.window = t.window
)
SELECT
  family_id,
  channel_kind,
  channel_role,
  'all' AS segment,
  statistic,
  `window`,
  masked AS value,
  GREATEST(
    0,
    COALESCE(
      masked - SQRT(ABS(below * below + any_above * any_above - 2 * correlation * below * any_above)),
      low - any_high
    )
  ) AS low,
  masked + SQRT(ABS(above * above + any_below * any_below - 2 * correlation * above * any_below)) AS high,
  n,
  n_effective,
  n_events,
  n_censored,
  bounds_note AS own_shortfall,
  CASE WHEN is_unreached THEN 'measured' END AS own_state,
  CASE
    WHEN is_unreached
    THEN 'Not reached in the window: too many are still waiting for a person.'
  END AS own_note
FROM parts_1 AS parts
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
    ('median') AS t(statistic)
  CROSS JOIN VALUES
    ('30d'),
    ('90d'),
    ('365d'),
    ('all') AS w(`window`)
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
    f.own_shortfall AS own_shortfall,
    CAST(COALESCE(f.n, 0) AS BIGINT) AS n,
    CAST(COALESCE(f.n_events, 0) AS BIGINT) AS n_events,
    f.n_effective AS n_effective,
    r.min_items_count,
    r.min_effective_count,
    CAST(COALESCE(f.n_censored, 0) AS BIGINT) AS n_censored,
    CASE
      WHEN c.coverage_state <> 'measured'
      THEN c.coverage_state
      WHEN NOT f.own_state IS NULL
      THEN f.own_state
      WHEN f.value IS NULL
      OR f.n < r.min_items_count
      OR f.n_events < r.min_events_count
      OR f.n_effective < r.min_effective_count
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
  'hours' AS unit,
  n,
  n_events,
  n_censored,
  coverage_share,
  as_of_at,
  6 AS method_version,
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
        ELSE CASE n
          WHEN 0
          THEN 'No threads.'
          ELSE 'Only ' || CAST(n_events AS STRING) || ' of ' || CAST(n AS STRING) || ' threads so far.'
        END
      END,
      NULLIF(own_note, ''),
      coverage_note
    ),
    ''
  ) AS note
FROM judged
