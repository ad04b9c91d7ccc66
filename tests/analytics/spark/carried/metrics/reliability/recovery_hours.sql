-- kept__figures
WITH unknown_1 AS (
  SELECT
    i.family_id,
    g.segment,
    s.`window`,
    COUNT(*) AS unknown_count
  FROM VALUES
    ('all'),
    ('api') AS g(segment)
  CROSS JOIN metrics__scopes AS s
  JOIN metrics__incident_windows AS i
    ON (
      g.segment = 'all' OR i.is_api OR i.is_unattributed
    )
    AND (
      s.pools_roles AND i.age_days <= s.window_days
    )
  WHERE
    i.is_disturbance
    AND (
      i.ended_at IS NULL
      AND i.ongoing_until_at IS NULL
      OR NOT i.is_start_known
      OR (
        g.segment = 'api' AND NOT i.is_api
      )
    )
  GROUP BY
    i.family_id,
    g.segment,
    s.`window`
), asked_1 AS (
  SELECT
    f.family_id,
    'status' AS channel_kind,
    'all' AS channel_role,
    g.segment,
    t.statistic,
    s.`window`
  FROM VALUES
    ('all'),
    ('api') AS g(segment)
  CROSS JOIN VALUES
    ('median'),
    ('p90') AS t(statistic)
  CROSS JOIN staging__families AS f
  JOIN metrics__scopes AS s
    ON s.pools_roles
)
SELECT
  a.family_id,
  a.channel_kind,
  a.channel_role,
  a.segment,
  a.statistic,
  a.`window`,
  q.value,
  q.low,
  q.high,
  q.n,
  q.n_effective,
  q.n_events,
  q.n_censored,
  CASE WHEN q.is_unreached THEN 'measured' END AS own_state,
  NULLIF(
    CONCAT_WS(
      ' ',
      CASE
        WHEN q.is_unreached
        THEN 'Not reached in the window: too many are not known to be over.'
      END,
      'Left out: ' || CAST(u.unknown_count AS STRING) || ' of unknown length' || CASE WHEN a.segment = 'api' THEN ' or without a component.' ELSE '.' END
    ),
    ''
  ) AS own_note
FROM asked_1 AS a
LEFT JOIN metrics__survival_summary AS q
  ON q.subject = 'recovery'
  AND q.family_id = a.family_id
  AND q.channel_role = 'all'
  AND q.segment = a.segment
  AND q.`window` = a.`window`
  AND q.statistic = a.statistic
LEFT JOIN unknown_1 AS u
  ON u.family_id = a.family_id AND u.segment = a.segment AND u.`window` = a.`window`
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
    ('median'),
    ('p90') AS t(statistic)
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
  'hours' AS unit,
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
        THEN 'Only ' || CAST(n AS STRING) || ' incidents, worth ' || CAST(CAST(FLOOR(n_effective) AS BIGINT) AS STRING) || ' that do not depend on each other.'
        ELSE CASE n
          WHEN 0
          THEN 'No incidents.'
          ELSE 'Only ' || CAST(n_events AS STRING) || ' of ' || CAST(n AS STRING) || ' incidents so far.'
        END
      END,
      NULLIF(own_note, ''),
      coverage_note
    ),
    ''
  ) AS note
FROM judged
