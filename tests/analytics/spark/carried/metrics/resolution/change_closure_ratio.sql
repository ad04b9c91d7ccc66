-- kept__figures
WITH counted_1 AS (
  SELECT
    d.family_id,
    CASE WHEN s.pools_roles THEN 'all' ELSE d.channel_role END AS channel_role,
    d.segment,
    s.`window`,
    CAST(COUNT(*) FILTER(WHERE
      d.opened_days <= s.window_days) AS DOUBLE) AS opened,
    CAST(COUNT(*) FILTER(WHERE
      d.closed_days <= s.window_days) AS DOUBLE) AS closed,
    CAST(COUNT(*) FILTER(WHERE
      d.opened_days <= s.window_days AND d.closed_days <= s.window_days) AS DOUBLE) AS both_counts,
    BOOL_OR(d.read_days < s.window_days - 1) AS is_part_read
  FROM metrics__scopes AS s
  CROSS JOIN metrics__dated_changes AS d
  WHERE
    s.`window` <> 'all'
  GROUP BY
    d.family_id,
    CASE WHEN s.pools_roles THEN 'all' ELSE d.channel_role END,
    d.segment,
    s.`window`
), bounded_1 AS (
  SELECT
    c.*,
    r.tail_share,
    closed / NULLIF(opened, 0) AS ratio,
    r.normal_quantile * SQRT(
      both_counts * POWER(1 - closed / NULLIF(opened, 0), 2) + (
        opened - both_counts
      ) * POWER(closed / NULLIF(opened, 0), 2) + closed - both_counts + 1 + 2 * COALESCE(v.variation, POWER(r.assumed_variation, 2)) * POWER(closed - both_counts, 2)
    ) / NULLIF(closed, 0) AS reach
  FROM metrics__rules AS r
  CROSS JOIN counted_1 AS c
  LEFT JOIN metrics__proposal_variations AS v
    ON v.family_id = c.family_id
    AND v.channel_role = c.channel_role
    AND v.segment = c.segment
)
SELECT
  family_id,
  'tracker' AS channel_kind,
  channel_role,
  segment,
  'closed_by_opened' AS statistic,
  `window`,
  ratio AS value,
  CASE WHEN closed = 0 THEN ratio ELSE ratio * EXP(-reach) END AS low,
  CASE
    WHEN closed = 0
    THEN -LN(tail_share) / NULLIF(opened, 0)
    ELSE ratio * EXP(reach)
  END AS high,
  opened AS n,
  closed AS n_events,
  0 AS n_censored,
  CASE WHEN is_part_read THEN 'not enough data' END AS own_state,
  CONCAT_WS(
    ' ',
    CAST(CAST(closed AS BIGINT) AS STRING) || ' closed, ' || CAST(CAST(opened AS BIGINT) AS STRING) || ' proposed.',
    CASE WHEN is_part_read THEN 'Part of the window was not read.' END
  ) AS own_note
FROM bounded_1 AS bounded
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
    ('people') AS s(segment)
  CROSS JOIN VALUES
    ('closed_by_opened') AS t(statistic)
  CROSS JOIN VALUES
    ('30d'),
    ('90d'),
    ('365d') AS w(`window`)
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
    f.n AS n_effective,
    r.min_items_count,
    r.min_effective_count,
    CAST(COALESCE(f.n_censored, 0) AS BIGINT) AS n_censored,
    CASE
      WHEN c.coverage_state <> 'measured'
      THEN c.coverage_state
      WHEN NOT f.own_state IS NULL
      THEN f.own_state
      WHEN f.value IS NULL OR f.n < r.min_items_count OR f.n < r.min_effective_count
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
  'ratio' AS unit,
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
        THEN 'Only ' || CAST(n AS STRING) || ' changes, worth ' || CAST(CAST(FLOOR(n_effective) AS BIGINT) AS STRING) || ' that do not depend on each other.'
        ELSE CASE n WHEN 0 THEN 'No' ELSE 'Only ' || CAST(n AS STRING) END || ' changes.'
      END,
      NULLIF(own_note, ''),
      coverage_note
    ),
    ''
  ) AS note
FROM judged
