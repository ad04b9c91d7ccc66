-- kept__figures
WITH waits_1 AS (
  SELECT
    a.family_id,
    a.channel_kind,
    a.channel_role,
    a.segment,
    a.`window`,
    t.statistic,
    a.value,
    COALESCE(w.low, a.low) AS low,
    COALESCE(w.high, a.high) AS high,
    a.bounds_note,
    q.n,
    COALESCE(w.n_effective, q.n_effective) AS n_effective,
    q.n_events,
    q.n_censored
  FROM metrics__survival_shares AS a
  JOIN metrics__survival_totals AS q
    ON a.subject = q.subject
    AND a.family_id = q.family_id
    AND a.channel_kind = q.channel_kind
    AND a.channel_role = q.channel_role
    AND a.segment = q.segment
    AND a.window = q.window
  JOIN VALUES
    ('within_24h', CAST(24.0 AS DOUBLE)),
    ('within_7d', CAST(168.0 AS DOUBLE)),
    ('within_30d', CAST(720.0 AS DOUBLE)) AS t(statistic, hours)
    ON t.hours = a.hours
  LEFT JOIN metrics__asker_shares AS w
    ON w.family_id = a.family_id
    AND w.channel_kind = a.channel_kind
    AND w.channel_role = a.channel_role
    AND w.segment = a.segment
    AND w.`window` = a.`window`
    AND w.hours = a.hours
  WHERE
    a.subject = 'response'
    AND NOT a.segment IN ('agent', 'anything')
    AND a.segment NOT LIKE 'week %'
), left_out_1 AS (
  SELECT
    e.*,
    t.statistic
  FROM VALUES
    ('within_24h'),
    ('within_7d'),
    ('within_30d') AS t(statistic)
  CROSS JOIN metrics__thread_exclusions AS e
  WHERE
    NOT e.segment IN ('agent', 'anything') AND e.segment NOT LIKE 'week %'
)
SELECT
  COALESCE(q.family_id, e.family_id) AS family_id,
  COALESCE(q.channel_kind, e.channel_kind) AS channel_kind,
  COALESCE(q.channel_role, e.channel_role) AS channel_role,
  COALESCE(q.segment, e.segment) AS segment,
  COALESCE(q.statistic, e.statistic) AS statistic,
  COALESCE(q.window, e.window) AS `window`,
  q.value,
  q.low,
  q.high,
  q.n,
  q.n_effective,
  q.n_events,
  q.n_censored,
  CAST(NULL AS STRING) AS own_state,
  q.bounds_note AS own_shortfall,
  NULLIF(
    CONCAT_WS(
      ' ',
      CASE
        WHEN q.value IS NULL AND q.n > 0 AND q.bounds_note IS NULL
        THEN 'No thread was observed for that long.'
      END,
      CASE WHEN q.bounds_note IS NULL THEN e.unseen_note END,
      e.exclusion_note,
      CASE
        WHEN COALESCE(q.segment, e.segment) IN ('staff', 'maintainer', 'outsider')
        THEN e.role_note
      END
    ),
    ''
  ) AS own_note
FROM waits_1 AS q
FULL OUTER JOIN left_out_1 AS e
  ON q.family_id = e.family_id
  AND q.channel_kind = e.channel_kind
  AND q.channel_role = e.channel_role
  AND q.segment = e.segment
  AND q.window = e.window
  AND q.statistic = e.statistic
WITH asked AS (
  SELECT
    c.family_id,
    c.channel_kind,
    c.channel_role,
    s.segment,
    t.statistic,
    w.`window`
  FROM VALUES
    ('anyone'),
    ('staff'),
    ('maintainer'),
    ('outsider'),
    ('newcomer'),
    ('known'),
    ('with_me_too'),
    ('bots:strict'),
    ('bots:lenient') AS s(segment)
  CROSS JOIN VALUES
    ('within_24h'),
    ('within_7d'),
    ('within_30d') AS t(statistic)
  CROSS JOIN VALUES
    ('30d'),
    ('90d'),
    ('365d'),
    ('all') AS w(`window`)
  CROSS JOIN metrics__channel_coverage AS c
  WHERE
    c.subject = 'threads'
    AND (
      c.channel_role = 'all' OR NOT s.segment IN ('bots:strict', 'bots:lenient')
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
    f.own_shortfall AS own_shortfall,
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
  6 AS method_version,
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
        THEN 'Only ' || CAST(n AS STRING) || ' threads, worth ' || CAST(CAST(FLOOR(n_effective) AS BIGINT) AS STRING) || ' that do not depend on each other.'
        ELSE CASE n
          WHEN 0
          THEN 'No threads.'
          ELSE 'Only ' || CAST(n_events AS STRING) || ' of ' || CAST(n AS STRING) || ' threads so far.'
        END
      END,
      NULLIF(own_note, ''),
      coverage_note
    ),
    ''
  ) AS note
FROM judged
