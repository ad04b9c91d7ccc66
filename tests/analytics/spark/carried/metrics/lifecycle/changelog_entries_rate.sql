-- kept__figures
WITH undated_1 AS (
  SELECT
    r.family_id,
    c.channel_kind,
    r.channel_role,
    COUNT(*) AS undated_count
  FROM staging__releases AS r
  JOIN staging__channels AS c
    ON c.channel_id = r.channel_id
  WHERE
    r.released_at IS NULL
  GROUP BY
    r.family_id,
    c.channel_kind,
    r.channel_role
)
SELECT
  n.family_id,
  n.channel_kind,
  n.channel_role,
  'all' AS segment,
  'per_30d' AS statistic,
  n.`window`,
  n.entries_count / NULLIF(n.observed_days, 0) * 30 AS value,
  p.mean_low / NULLIF(n.observed_days, 0) * 30 AS low,
  p.mean_high / NULLIF(n.observed_days, 0) * 30 AS high,
  n.entries_count AS n,
  n.entries_count AS n_events,
  0 AS n_censored,
  CASE WHEN n.observed_days < r.min_observed_days THEN 'not enough data' END AS own_state,
  CONCAT_WS(
    ' ',
    'Observed for ' || CAST(ROUND(n.observed_days, 1) AS STRING) || ' days.',
    'Left out: ' || CAST(u.undated_count AS STRING) || ' without a date.'
  ) AS own_note
FROM metrics__rules AS r
CROSS JOIN metrics__changelog_counts AS n
JOIN metrics__rate_limits AS p
  ON p.rate = 'entries'
  AND p.family_id = n.family_id
  AND p.channel_kind = n.channel_kind
  AND p.channel_role = n.channel_role
  AND p.`window` = n.`window`
LEFT JOIN undated_1 AS u
  ON u.family_id = n.family_id
  AND u.channel_kind = n.channel_kind
  AND u.channel_role = n.channel_role
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
    ('per_30d') AS t(statistic)
  CROSS JOIN VALUES
    ('30d'),
    ('90d'),
    ('365d'),
    ('all') AS w(`window`)
  CROSS JOIN metrics__channel_coverage AS c
  WHERE
    c.subject = 'releases' AND (
      c.channel_role <> 'all' OR c.channels_count = 0
    )
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
    ON c.subject = 'releases'
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
        THEN 'Only ' || CAST(n AS STRING) || ' entries, worth ' || CAST(CAST(FLOOR(n_effective) AS BIGINT) AS STRING) || ' that do not depend on each other.'
        ELSE 'Not known yet.'
      END,
      NULLIF(own_note, ''),
      coverage_note
    ),
    ''
  ) AS note
FROM judged
