-- kept__figures
WITH pairs_1 AS (
  SELECT
    a.family_id,
    a.channel_kind,
    a.channel_role,
    a.`window`,
    a.value AS new_value,
    a.low AS new_low,
    a.high AS new_high,
    b.value AS old_value,
    b.low AS old_low,
    b.high AS old_high,
    a.n AS new_n,
    b.n AS old_n,
    LEAST(a.n_effective, b.n_effective) AS n_effective,
    a.n_events AS new_events,
    b.n_events AS old_events,
    a.n_censored + b.n_censored AS n_censored
  FROM metrics__asker_shares AS a
  JOIN metrics__asker_shares AS b
    ON a.family_id = b.family_id
    AND a.channel_kind = b.channel_kind
    AND a.channel_role = b.channel_role
    AND a.window = b.window
    AND a.hours = b.hours
  WHERE
    a.hours = 168 AND a.segment = 'newcomer' AND b.segment = 'known'
)
SELECT
  p.family_id,
  p.channel_kind,
  p.channel_role,
  'all' AS segment,
  'within_7d' AS statistic,
  p.`window`,
  p.new_value - p.old_value AS value,
  p.new_value - p.old_value - SQRT(POWER(p.new_value - p.new_low, 2) + POWER(p.old_high - p.old_value, 2)) AS low,
  p.new_value - p.old_value + SQRT(POWER(p.new_high - p.new_value, 2) + POWER(p.old_value - p.old_low, 2)) AS high,
  p.new_n + p.old_n AS n,
  p.n_effective,
  p.new_events + p.old_events AS n_events,
  p.n_censored,
  CASE
    WHEN LEAST(p.new_n, p.old_n) < r.min_items_count
    OR LEAST(p.new_events, p.old_events) < r.min_events_count
    OR p.n_effective < r.min_effective_count
    THEN 'not enough data'
  END AS own_state,
  'Newcomers: ' || COALESCE(CAST(ROUND(p.new_value, 3) AS STRING), 'unknown') || ' of ' || CAST(CAST(p.new_n AS BIGINT) AS STRING) || ', known: ' || COALESCE(CAST(ROUND(p.old_value, 3) AS STRING), 'unknown') || ' of ' || CAST(CAST(p.old_n AS BIGINT) AS STRING) || '.' AS own_note
FROM metrics__rules AS r
CROSS JOIN pairs_1 AS p
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
    ('within_7d') AS t(statistic)
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
    CAST(NULL AS STRING) AS own_shortfall,
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
  'share' AS unit,
  n,
  n_events,
  n_censored,
  coverage_share,
  as_of_at,
  4 AS method_version,
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
