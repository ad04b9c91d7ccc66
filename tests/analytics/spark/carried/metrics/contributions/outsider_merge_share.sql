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
    subject = 'change'
  UNION
  SELECT
    family_id,
    channel_kind,
    channel_role,
    segment,
    `window`
  FROM metrics__people_left_out AS people_left_out
  WHERE
    subject = 'change'
)
SELECT
  g.family_id,
  g.channel_kind,
  g.channel_role,
  g.segment,
  t.statistic,
  g.`window`,
  c.value,
  c.low,
  c.high,
  c.n,
  c.n_effective,
  c.n_events,
  c.n_censored,
  CAST(NULL AS STRING) AS own_state,
  CONCAT_WS(
    ' ',
    CASE
      WHEN c.n > 0 AND c.value IS NULL
      THEN 'No change was observed for that long.'
    END,
    l.exclusion_note
  ) AS own_note
FROM VALUES
  ('merged_30d', 'merged'),
  ('closed_30d', 'closed'),
  ('open_30d', 'waiting') AS t(statistic, cause)
CROSS JOIN groups_1 AS g
LEFT JOIN metrics__competing_shares AS c
  ON c.subject = 'change'
  AND c.family_id = g.family_id
  AND c.channel_kind = g.channel_kind
  AND c.channel_role = g.channel_role
  AND c.segment = g.segment
  AND c.`window` = g.`window`
  AND c.cause = t.cause
  AND c.hours = 720
LEFT JOIN metrics__people_left_out AS l
  ON l.subject = 'change'
  AND l.family_id = g.family_id
  AND l.channel_kind = g.channel_kind
  AND l.channel_role = g.channel_role
  AND l.segment = g.segment
  AND l.`window` = g.`window`
WITH asked AS (
  SELECT
    c.family_id,
    c.channel_kind,
    c.channel_role,
    s.segment,
    t.statistic,
    w.`window`
  FROM VALUES
    ('first'),
    ('all'),
    ('since_visit') AS s(segment)
  CROSS JOIN VALUES
    ('merged_30d'),
    ('closed_30d'),
    ('open_30d') AS t(statistic)
  CROSS JOIN VALUES
    ('30d'),
    ('90d'),
    ('365d'),
    ('all') AS w(`window`)
  CROSS JOIN metrics__channel_coverage AS c
  WHERE
    c.subject = 'changes'
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
      OR f.n_effective < r.min_effective_count
      THEN 'not enough data'
      ELSE 'measured'
    END AS verdict
  FROM metrics__rules AS r
  CROSS JOIN asked AS a
  JOIN metrics__channel_coverage AS c
    ON c.subject = 'changes'
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
        THEN 'Only ' || CAST(n AS STRING) || ' changes by outsiders, worth ' || CAST(CAST(FLOOR(n_effective) AS BIGINT) AS STRING) || ' that do not depend on each other.'
        ELSE CASE n WHEN 0 THEN 'No' ELSE 'Only ' || CAST(n AS STRING) END || ' changes by outsiders.'
      END,
      NULLIF(own_note, ''),
      coverage_note
    ),
    ''
  ) AS note
FROM judged
