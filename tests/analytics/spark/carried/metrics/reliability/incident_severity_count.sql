-- kept__figures
WITH counted_1 AS (
  SELECT
    c.*,
    NOT r.item_id IS NULL AS is_repeat
  FROM metrics__counted_incidents AS c
  LEFT JOIN metrics__incident_repeats AS r
    ON r.item_id = c.channel_id || '#' || c.incident_id AND r.segment = c.segment
), figures_1 AS (
  SELECT
    n.family_id,
    n.segment,
    t.statistic,
    n.`window`,
    MAX(n.observed_days) AS observed_days,
    COUNT(c.incident_id) FILTER(WHERE
      CASE t.statistic
        WHEN 'outage'
        THEN c.severity = 3
        WHEN 'partial'
        THEN c.severity = 2
        WHEN 'degraded'
        THEN c.severity <= 1
        WHEN 'ungraded'
        THEN c.severity IS NULL
        WHEN 'grouped'
        THEN NOT c.is_repeat
        ELSE TRUE
      END) AS n
  FROM VALUES
    ('outage'),
    ('partial'),
    ('degraded'),
    ('ungraded'),
    ('any'),
    ('grouped') AS t(statistic)
  CROSS JOIN metrics__incident_counts AS n
  LEFT JOIN counted_1 AS c
    ON c.family_id = n.family_id AND c.segment = n.segment AND c.`window` = n.`window`
  WHERE
    n.segment IN ('all', 'api')
  GROUP BY
    n.family_id,
    n.segment,
    t.statistic,
    n.`window`
)
SELECT
  f.family_id,
  'status' AS channel_kind,
  'all' AS channel_role,
  f.segment,
  f.statistic,
  f.`window`,
  f.n AS value,
  f.n AS low,
  f.n AS high,
  f.n,
  f.n AS n_events,
  0 AS n_censored,
  CASE WHEN f.observed_days < r.min_observed_days THEN 'not enough data' END AS own_state,
  'Observed for ' || CAST(ROUND(f.observed_days, 1) AS STRING) || ' days.' AS own_note
FROM metrics__rules AS r
CROSS JOIN figures_1 AS f
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
    ('api') AS s(segment)
  CROSS JOIN VALUES
    ('outage'),
    ('partial'),
    ('degraded'),
    ('ungraded'),
    ('any'),
    ('grouped') AS t(statistic)
  CROSS JOIN VALUES
    ('30d'),
    ('90d'),
    ('365d'),
    ('all') AS w(`window`)
  CROSS JOIN metrics__channel_coverage AS c
  WHERE
    c.subject = 'incidents' AND c.channel_role = 'all'
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
    ON c.subject = 'incidents'
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
  'incidents' AS unit,
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
        THEN 'Only ' || CAST(n AS STRING) || ' incidents, worth ' || CAST(CAST(FLOOR(n_effective) AS BIGINT) AS STRING) || ' that do not depend on each other.'
        ELSE 'Not known yet.'
      END,
      NULLIF(own_note, ''),
      coverage_note
    ),
    ''
  ) AS note
FROM judged
