-- kept__figures
WITH gaps_1 AS (
  SELECT
    g.family_id,
    g.channel_kind,
    g.channel_role,
    g.segment,
    w.`window`,
    (
      UNIX_MICROS(g.next_released_at) - UNIX_MICROS(g.released_at)
    ) / NULLIF(CAST(86400e6 AS DOUBLE), 0) AS gap_days
  FROM metrics__scopes AS w
  JOIN metrics__release_gaps AS g
    ON g.age_days <= w.window_days AND NOT w.pools_roles
  WHERE
    NOT g.next_released_at IS NULL
), ratios_1 AS (
  SELECT
    family_id,
    channel_kind,
    channel_role,
    segment,
    `window`,
    STDDEV_POP(gap_days) / NULLIF(AVG(gap_days), 0) AS value,
    COUNT(*) AS n
  FROM gaps_1 AS gaps
  GROUP BY
    family_id,
    channel_kind,
    channel_role,
    segment,
    `window`
)
SELECT
  family_id,
  channel_kind,
  channel_role,
  segment,
  'variation' AS statistic,
  `window`,
  value,
  value AS low,
  value AS high,
  n,
  n AS n_events,
  0 AS n_censored,
  CAST(NULL AS STRING) AS own_state,
  CAST(NULL AS STRING) AS own_note
FROM ratios_1 AS ratios
WHERE
  NOT value IS NULL
WITH asked AS (
  SELECT
    c.family_id,
    c.channel_kind,
    c.channel_role,
    s.segment,
    t.statistic,
    w.`window`
  FROM VALUES
    ('stable'),
    ('pre-release') AS s(segment)
  CROSS JOIN VALUES
    ('variation') AS t(statistic)
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
      WHEN f.value IS NULL OR f.n < r.min_items_count OR f.n < r.min_effective_count
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
  'ratio' AS unit,
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
        THEN 'Only ' || CAST(n AS STRING) || ' finished gaps, worth ' || CAST(CAST(FLOOR(n_effective) AS BIGINT) AS STRING) || ' that do not depend on each other.'
        ELSE CASE n WHEN 0 THEN 'No' ELSE 'Only ' || CAST(n AS STRING) END || ' finished gaps.'
      END,
      NULLIF(own_note, ''),
      coverage_note
    ),
    ''
  ) AS note
FROM judged
