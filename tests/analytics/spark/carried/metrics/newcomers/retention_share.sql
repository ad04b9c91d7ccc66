-- kept__figures
WITH groups_1 AS (
  SELECT
    family_id,
    channel_kind,
    channel_role,
    segment,
    `window`
  FROM metrics__survival_totals AS survival_totals
  WHERE
    subject = 'return'
  UNION
  SELECT
    family_id,
    channel_kind,
    channel_role,
    segment,
    `window`
  FROM metrics__people_left_out AS people_left_out
  WHERE
    subject = 'return'
)
SELECT
  g.family_id,
  g.channel_kind,
  g.channel_role,
  g.segment,
  s.statistic,
  g.`window`,
  c.value,
  c.low,
  c.high,
  t.n,
  t.n_effective,
  t.n_events,
  t.n_censored,
  CAST(NULL AS STRING) AS own_state,
  CONCAT_WS(
    ' ',
    CASE WHEN t.n > 0 AND c.value IS NULL THEN 'Nobody was observed for that long.' END,
    l.exclusion_note
  ) AS own_note
FROM VALUES
  ('within_90d', CAST(2160.0 AS DOUBLE)),
  ('within_180d', CAST(4320.0 AS DOUBLE)) AS s(statistic, hours)
CROSS JOIN groups_1 AS g
LEFT JOIN metrics__survival_totals AS t
  ON t.subject = 'return'
  AND t.family_id = g.family_id
  AND t.channel_kind = g.channel_kind
  AND t.channel_role = g.channel_role
  AND t.segment = g.segment
  AND t.`window` = g.`window`
LEFT JOIN metrics__survival_shares AS c
  ON c.subject = 'return'
  AND c.family_id = g.family_id
  AND c.channel_kind = g.channel_kind
  AND c.channel_role = g.channel_role
  AND c.segment = g.segment
  AND c.`window` = g.`window`
  AND c.hours = s.hours
LEFT JOIN metrics__people_left_out AS l
  ON l.subject = 'return'
  AND l.family_id = g.family_id
  AND l.channel_kind = g.channel_kind
  AND l.channel_role = g.channel_role
  AND l.segment = g.segment
  AND l.`window` = g.`window`
WHERE
  g.`window` IN ('365d', 'all')
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
    ('askers'),
    ('answerers') AS s(segment)
  CROSS JOIN VALUES
    ('within_90d'),
    ('within_180d') AS t(statistic)
  CROSS JOIN VALUES
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
  'share' AS unit,
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
        THEN 'Only ' || CAST(n AS STRING) || ' new people, worth ' || CAST(CAST(FLOOR(n_effective) AS BIGINT) AS STRING) || ' that do not depend on each other.'
        ELSE CASE n
          WHEN 0
          THEN 'No new people.'
          ELSE 'Only ' || CAST(n_events AS STRING) || ' of ' || CAST(n AS STRING) || ' new people so far.'
        END
      END,
      NULLIF(own_note, ''),
      coverage_note
    ),
    ''
  ) AS note
FROM judged
