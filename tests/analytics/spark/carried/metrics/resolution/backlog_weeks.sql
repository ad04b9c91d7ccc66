-- kept__figures
WITH counted_1 AS (
  SELECT
    d.family_id,
    d.channel_kind,
    CASE WHEN s.pools_roles THEN 'all' ELSE d.channel_role END AS channel_role,
    s.`window`,
    CAST(COUNT(*) FILTER(WHERE
      d.is_open) AS DOUBLE) AS pile,
    CAST(COUNT(*) FILTER(WHERE
      d.closed_days <= s.window_days) AS DOUBLE) AS closed,
    s.window_days / 7 AS weeks,
    BOOL_OR(d.read_days < s.window_days - 1) AS is_part_read
  FROM metrics__scopes AS s
  JOIN metrics__thread_closings AS d
    ON s.`window` <> 'all' AND (
      d.is_own OR NOT s.pools_roles
    )
  GROUP BY
    d.family_id,
    d.channel_kind,
    CASE WHEN s.pools_roles THEN 'all' ELSE d.channel_role END,
    s.`window`,
    s.window_days / 7
)
SELECT
  c.family_id,
  c.channel_kind,
  c.channel_role,
  'all' AS segment,
  'open_by_closed' AS statistic,
  c.`window`,
  c.pile * c.weeks / NULLIF(c.closed, 0) AS value,
  c.pile * c.weeks / NULLIF(p.mean_high, 0) AS low,
  c.pile * c.weeks / NULLIF(p.mean_low, 0) AS high,
  c.pile AS n,
  c.closed AS n_events,
  0 AS n_censored,
  CASE
    WHEN c.is_part_read OR c.closed < r.min_events_count
    THEN 'not enough data'
  END AS own_state,
  CONCAT_WS(
    ' ',
    CAST(CAST(c.pile AS BIGINT) AS STRING) || ' open, ' || CAST(CAST(c.closed AS BIGINT) AS STRING) || ' closed.',
    CASE WHEN c.is_part_read THEN 'Part of the window was not read.' END
  ) AS own_note
FROM metrics__rules AS r
CROSS JOIN counted_1 AS c
JOIN metrics__rate_limits AS p
  ON p.rate = 'closings'
  AND p.family_id = c.family_id
  AND p.channel_kind = c.channel_kind
  AND p.channel_role = c.channel_role
  AND p.`window` = c.`window`
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
    ('open_by_closed') AS t(statistic)
  CROSS JOIN VALUES
    ('30d'),
    ('90d'),
    ('365d') AS w(`window`)
  CROSS JOIN metrics__channel_coverage AS c
  WHERE
    c.subject = 'issues'
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
    ON c.subject = 'issues'
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
  'weeks' AS unit,
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
        THEN 'Only ' || CAST(n AS STRING) || ' open threads, worth ' || CAST(CAST(FLOOR(n_effective) AS BIGINT) AS STRING) || ' that do not depend on each other.'
        ELSE 'Not known yet.'
      END,
      NULLIF(own_note, ''),
      coverage_note
    ),
    ''
  ) AS note
FROM judged
