-- kept__figures
WITH watched_1 AS (
  SELECT
    g.family_id,
    g.channel_kind,
    g.channel_role,
    COUNT(DISTINCT n.notice_id) AS n,
    MIN(
      (
        UNIX_MICROS(g.as_of_at) - UNIX_MICROS(k.first_run_at)
      ) / NULLIF(CAST(86400e6 AS DOUBLE), 0)
    ) AS watched_days
  FROM metrics__notice_channels AS g
  JOIN metrics__notice_visits AS k
    ON k.channel_id = g.channel_id AND k.thing = g.thing
  LEFT JOIN staging__notices AS n
    ON n.channel_id = g.channel_id
    AND n.family_id = g.family_id
    AND NOT n.shutdown_on IS NULL
    AND n.shutdown_kind = 'exact'
  WHERE
    NOT g.as_of_at IS NULL
  GROUP BY
    g.family_id,
    g.channel_kind,
    g.channel_role
), moves_1 AS (
  SELECT
    g.family_id,
    g.channel_kind,
    g.channel_role,
    s.`window`,
    t.statistic,
    COUNT(*) FILTER(WHERE
      m.change = t.statistic
      OR (
        t.statistic = 'moved' AND m.change IN ('earlier', 'later')
      )) AS moves_count
  FROM VALUES
    ('moved'),
    ('earlier'),
    ('later'),
    ('withdrawn') AS t(statistic)
  CROSS JOIN metrics__date_moves AS m
  JOIN metrics__notice_channels AS g
    ON g.channel_id = m.channel_id AND g.family_id = m.family_id
  JOIN metrics__scopes AS s
    ON NOT s.pools_roles
    AND (
      UNIX_MICROS(g.as_of_at) - UNIX_MICROS(m.change_seen_at)
    ) / NULLIF(CAST(86400e6 AS DOUBLE), 0) <= s.window_days
  GROUP BY
    g.family_id,
    g.channel_kind,
    g.channel_role,
    s.`window`,
    t.statistic
)
SELECT
  w.family_id,
  w.channel_kind,
  w.channel_role,
  'all' AS segment,
  t.statistic,
  s.`window`,
  COALESCE(m.moves_count, 0) AS value,
  COALESCE(m.moves_count, 0) AS low,
  COALESCE(m.moves_count, 0) AS high,
  w.n,
  COALESCE(m.moves_count, 0) AS n_events,
  0 AS n_censored,
  CASE
    WHEN COALESCE(w.watched_days, 0) < r.min_observed_days
    THEN 'not enough data'
  END AS own_state,
  'Observed for ' || CAST(ROUND(COALESCE(w.watched_days, 0), 1) AS STRING) || ' days.' AS own_note
FROM VALUES
  ('moved'),
  ('earlier'),
  ('later'),
  ('withdrawn') AS t(statistic)
CROSS JOIN metrics__rules AS r
CROSS JOIN watched_1 AS w
JOIN metrics__scopes AS s
  ON NOT s.pools_roles
LEFT JOIN moves_1 AS m
  ON m.family_id = w.family_id
  AND m.channel_kind = w.channel_kind
  AND m.channel_role = w.channel_role
  AND m.`window` = s.`window`
  AND m.statistic = t.statistic
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
    ('moved'),
    ('earlier'),
    ('later'),
    ('withdrawn') AS t(statistic)
  CROSS JOIN VALUES
    ('30d'),
    ('90d'),
    ('365d'),
    ('all') AS w(`window`)
  CROSS JOIN metrics__channel_coverage AS c
  WHERE
    c.subject = 'notices'
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
    ON c.subject = 'notices'
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
  'changes' AS unit,
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
        THEN 'Only ' || CAST(n AS STRING) || ' notices, worth ' || CAST(CAST(FLOOR(n_effective) AS BIGINT) AS STRING) || ' that do not depend on each other.'
        ELSE 'Not known yet.'
      END,
      NULLIF(own_note, ''),
      coverage_note
    ),
    ''
  ) AS note
FROM judged
