-- kept__figures
WITH ends_1 AS (
  SELECT
    c.*,
    t.statistic,
    u.value AS unknown_value,
    u.high AS unknown_high,
    u.n_events AS unknown_count,
    MAX(CASE WHEN c.cause = 'waiting' THEN c.n_events END) OVER (PARTITION BY c.family_id, c.channel_kind, c.channel_role, c.`window`, c.hours) AS ends_count,
    NOT c.cause IN ('waiting', 'unknown') AND u.n_events > 0 AS may_be_more
  FROM metrics__competing_shares AS c
  JOIN VALUES
    ('within_30d', CAST(720.0 AS DOUBLE)),
    ('within_90d', CAST(2160.0 AS DOUBLE)) AS t(statistic, hours)
    ON t.hours = c.hours
  LEFT JOIN metrics__competing_shares AS u
    ON u.subject = c.subject
    AND u.family_id = c.family_id
    AND u.channel_kind = c.channel_kind
    AND u.channel_role = c.channel_role
    AND u.segment = c.segment
    AND u.`window` = c.`window`
    AND u.hours = c.hours
    AND u.cause = 'unknown'
  WHERE
    c.subject = 'resolution' AND c.segment = 'all'
), judged_1 AS (
  SELECT
    e.*,
    e.may_be_more AND e.unknown_count > r.most_unseen_share * e.ends_count AS is_hidden
  FROM metrics__rules AS r
  CROSS JOIN ends_1 AS e
)
SELECT
  e.family_id,
  e.channel_kind,
  e.channel_role,
  CASE e.cause WHEN 'waiting' THEN 'open' ELSE e.cause END AS segment,
  e.statistic,
  e.`window`,
  CASE WHEN NOT e.is_hidden THEN e.value END AS value,
  e.low,
  CASE
    WHEN e.may_be_more
    THEN LEAST(
      1,
      e.value + e.unknown_value + SQRT(POWER(e.high - e.value, 2) + POWER(e.unknown_high - e.unknown_value, 2))
    )
    ELSE e.high
  END AS high,
  e.n,
  e.n_effective,
  e.n_events,
  e.n_censored,
  CAST(NULL AS STRING) AS own_state,
  CASE WHEN e.is_hidden THEN e.unknown_note END AS own_shortfall,
  CASE
    WHEN e.value IS NULL
    THEN 'No thread was observed for that long.'
    WHEN NOT e.is_hidden
    THEN e.unknown_note
  END AS own_note
FROM (
  SELECT
    *,
    CASE
      WHEN may_be_more
      THEN 'How ' || CAST(CAST(unknown_count AS BIGINT) AS STRING) || ' of ' || CAST(CAST(ends_count AS BIGINT) AS STRING) || ' closings came about is unknown: between ' || CAST(ROUND(100 * value, 1) AS STRING) || ' and ' || CAST(ROUND(100 * (
        value + unknown_value
      ), 1) AS STRING) || ' %.'
    END AS unknown_note
  FROM judged_1 AS judged
) AS e
WITH asked AS (
  SELECT
    c.family_id,
    c.channel_kind,
    c.channel_role,
    s.segment,
    t.statistic,
    w.`window`
  FROM VALUES
    ('resolved'),
    ('not_planned'),
    ('duplicate'),
    ('bot_closed'),
    ('asker_closed'),
    ('otherwise_closed'),
    ('unknown'),
    ('open') AS s(segment)
  CROSS JOIN VALUES
    ('within_30d'),
    ('within_90d') AS t(statistic)
  CROSS JOIN VALUES
    ('30d'),
    ('90d'),
    ('365d'),
    ('all') AS w(`window`)
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
      OR f.n_effective < r.min_effective_count
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
        THEN 'Only ' || CAST(n AS STRING) || ' threads, worth ' || CAST(CAST(FLOOR(n_effective) AS BIGINT) AS STRING) || ' that do not depend on each other.'
        ELSE CASE n WHEN 0 THEN 'No' ELSE 'Only ' || CAST(n AS STRING) END || ' threads.'
      END,
      NULLIF(own_note, ''),
      coverage_note
    ),
    ''
  ) AS note
FROM judged
