-- kept__figures
SELECT
  c.family_id,
  c.channel_kind,
  c.channel_role,
  g.segment,
  'per_30d' AS statistic,
  w.`window`,
  n.people_count / NULLIF(n.observed_days, 0) * 30 AS value,
  p.mean_low / NULLIF(n.observed_days, 0) * 30 AS low,
  p.mean_high / NULLIF(n.observed_days, 0) * 30 AS high,
  n.people_count AS n,
  n.people_count AS n_events,
  0 AS n_censored,
  CASE
    WHEN g.segment = 'contributors' AND c.channel_kind <> 'tracker'
    THEN 'not applicable'
    WHEN g.segment = 'contributors'
    AND COALESCE(k.coverage_state, 'not collected') <> 'measured'
    THEN COALESCE(k.coverage_state, 'not collected')
    WHEN COALESCE(n.observed_days, 0) < r.min_observed_days
    THEN 'not enough data'
  END AS own_state,
  CONCAT_WS(
    ' ',
    'Known for ' || CAST(ROUND(n.observed_days, 1) AS STRING) || ' days.',
    CASE
      WHEN n.left_out_count > 0
      THEN 'Left out: ' || CAST(n.left_out_count AS STRING) || ' first seen in the first year that was read.'
    END
  ) AS own_note
FROM VALUES
  ('askers'),
  ('answerers'),
  ('contributors') AS g(segment)
CROSS JOIN (
  SELECT DISTINCT
    `window`
  FROM metrics__scopes AS scopes
) AS w
CROSS JOIN metrics__rules AS r
CROSS JOIN metrics__channel_coverage AS c
LEFT JOIN metrics__channel_coverage AS k
  ON k.subject = 'changes'
  AND k.family_id = c.family_id
  AND k.channel_kind = c.channel_kind
  AND k.channel_role = c.channel_role
LEFT JOIN metrics__new_people_counts AS n
  ON n.family_id = c.family_id
  AND n.channel_kind = c.channel_kind
  AND n.channel_role = c.channel_role
  AND n.activity = g.segment
  AND n.`window` = w.`window`
LEFT JOIN metrics__rate_limits AS p
  ON p.rate = 'people'
  AND p.family_id = c.family_id
  AND p.channel_kind = c.channel_kind
  AND p.channel_role = c.channel_role
  AND p.segment = g.segment
  AND p.`window` = w.`window`
WHERE
  c.subject = 'threads'
WITH asked AS (
  SELECT
    c.family_id,
    c.channel_kind,
    c.channel_role,
    s.segment,
    t.statistic,
    w.`window`
  FROM VALUES
    ('askers'),
    ('answerers'),
    ('contributors') AS s(segment)
  CROSS JOIN VALUES
    ('per_30d') AS t(statistic)
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
  'per 30 days' AS unit,
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
        THEN 'Only ' || CAST(n AS STRING) || ' people, worth ' || CAST(CAST(FLOOR(n_effective) AS BIGINT) AS STRING) || ' that do not depend on each other.'
        ELSE 'Not known yet.'
      END,
      NULLIF(own_note, ''),
      coverage_note
    ),
    ''
  ) AS note
FROM judged
