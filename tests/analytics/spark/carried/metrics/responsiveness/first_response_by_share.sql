-- kept__figures
WITH firsts_1 AS (
  SELECT
    c.*,
    e.exclusion_note,
    e.role_note,
    t.n_unseen,
    t.is_hidden AS is_unseen,
    u.value AS unknown_value,
    u.high AS unknown_high,
    u.n_events AS unknown_count,
    SUM(
      CASE
        WHEN c.cause IN ('bot_closed', 'asker_closed', 'closed', 'closed_unknown')
        THEN c.n_events
        ELSE 0
      END
    ) OVER (PARTITION BY c.family_id, c.channel_kind, c.channel_role, c.`window`) AS closings_count,
    c.cause IN ('bot_closed', 'asker_closed', 'closed') AND u.n_events > 0 AS may_be_more
  FROM metrics__competing_shares AS c
  JOIN metrics__survival_totals AS t
    ON c.subject = t.subject
    AND c.family_id = t.family_id
    AND c.channel_kind = t.channel_kind
    AND c.channel_role = t.channel_role
    AND c.segment = t.segment
    AND c.window = t.window
  LEFT JOIN metrics__competing_shares AS u
    ON u.subject = c.subject
    AND u.family_id = c.family_id
    AND u.channel_kind = c.channel_kind
    AND u.channel_role = c.channel_role
    AND u.segment = c.segment
    AND u.`window` = c.`window`
    AND u.hours = c.hours
    AND u.cause = 'closed_unknown'
  LEFT JOIN metrics__thread_exclusions AS e
    ON e.family_id = c.family_id
    AND e.channel_kind = c.channel_kind
    AND e.channel_role = c.channel_role
    AND e.segment = 'anyone'
    AND e.`window` = c.`window`
  WHERE
    c.subject = 'first' AND c.hours = 168
), judged_1 AS (
  SELECT
    f.*,
    f.may_be_more AND f.unknown_count > r.most_unseen_share * f.closings_count AS is_hidden,
    CASE
      WHEN f.n_unseen > 0
      THEN 'For ' || f.n_unseen || ' of ' || (
        f.n + f.n_unseen
      ) || ' it is not known what came first.'
    END AS unseen_note,
    CASE
      WHEN f.may_be_more
      THEN 'Who closed ' || CAST(CAST(f.unknown_count AS BIGINT) AS STRING) || ' of ' || CAST(CAST(f.closings_count AS BIGINT) AS STRING) || ' unanswered threads is unknown.'
    END AS unknown_note
  FROM metrics__rules AS r
  CROSS JOIN firsts_1 AS f
)
SELECT
  f.family_id,
  f.channel_kind,
  f.channel_role,
  f.cause AS segment,
  'within_7d' AS statistic,
  f.`window`,
  CASE WHEN NOT f.is_hidden THEN f.value END AS value,
  f.low,
  CASE
    WHEN f.may_be_more
    THEN LEAST(
      1,
      f.value + f.unknown_value + SQRT(POWER(f.high - f.value, 2) + POWER(f.unknown_high - f.unknown_value, 2))
    )
    ELSE f.high
  END AS high,
  f.n,
  f.n_effective,
  f.n_events,
  f.n_censored,
  CAST(NULL AS STRING) AS own_state,
  CASE WHEN f.is_unseen THEN f.unseen_note WHEN f.is_hidden THEN f.unknown_note END AS own_shortfall,
  NULLIF(
    CONCAT_WS(
      ' ',
      CASE
        WHEN f.value IS NULL AND NOT f.is_unseen
        THEN 'No thread was observed for that long.'
      END,
      CASE WHEN NOT f.is_unseen THEN f.unseen_note END,
      CASE WHEN NOT f.is_hidden THEN f.unknown_note END,
      f.exclusion_note,
      CASE WHEN f.cause IN ('staff', 'maintainer', 'outsider') THEN f.role_note END
    ),
    ''
  ) AS own_note
FROM judged_1 AS f
WITH asked AS (
  SELECT
    c.family_id,
    c.channel_kind,
    c.channel_role,
    s.segment,
    t.statistic,
    w.`window`
  FROM VALUES
    ('staff'),
    ('maintainer'),
    ('outsider'),
    ('unknown'),
    ('agent'),
    ('fixed'),
    ('bot_closed'),
    ('asker_closed'),
    ('closed'),
    ('closed_unknown'),
    ('waiting') AS s(segment)
  CROSS JOIN VALUES
    ('within_7d') AS t(statistic)
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
