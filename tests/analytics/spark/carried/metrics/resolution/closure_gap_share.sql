-- kept__figures
WITH scoped_1 AS (
  SELECT
    h.family_id,
    h.channel_kind,
    CASE WHEN s.pools_roles THEN 'all' ELSE h.channel_role END AS channel_role,
    g.segment,
    s.`window`,
    h.is_closed_30d,
    h.is_helped_30d,
    h.exclusion_reason IS NULL
    AND h.is_watched_30d
    AND (
      h.is_helped_30d IS NULL OR h.is_closed_30d IS NULL
    ) AS is_unseen,
    h.exclusion_reason IS NULL
    AND NOT h.is_helped_30d IS NULL
    AND NOT h.is_closed_30d IS NULL AS is_seen
  FROM metrics__scopes AS s
  JOIN metrics__thread_help AS h
    ON h.age_days <= s.window_days AND (
      h.is_pooled OR NOT s.pools_roles
    )
  JOIN metrics__thread_segments AS g
    ON g.thread_id = h.thread_id AND g.segment NOT LIKE 'language:%'
  WHERE
    NOT h.family_id IS NULL AND h.author_role <> 'bot'
), pairs_1 AS (
  SELECT
    family_id,
    channel_kind,
    channel_role,
    segment,
    `window`,
    CAST(COUNT(*) FILTER(WHERE
      is_seen) AS DOUBLE) AS n,
    CAST(COUNT(*) FILTER(WHERE
      is_seen OR is_unseen) AS DOUBLE) AS n_all,
    CAST(COUNT(*) FILTER(WHERE
      is_seen AND is_closed_30d AND NOT is_helped_30d) AS DOUBLE) AS closed_only,
    CAST(COUNT(*) FILTER(WHERE
      is_seen AND is_helped_30d AND NOT is_closed_30d) AS DOUBLE) AS helped_only,
    CAST(COUNT(*) FILTER(WHERE
      is_unseen AND NOT COALESCE(is_closed_30d, FALSE) AND COALESCE(is_helped_30d, TRUE)) AS DOUBLE) AS least_helped,
    CAST(COUNT(*) FILTER(WHERE
      is_unseen AND COALESCE(is_closed_30d, TRUE) AND NOT COALESCE(is_helped_30d, FALSE)) AS DOUBLE) AS most_closed,
    COUNT(*) FILTER(WHERE
      NOT is_seen AND NOT is_unseen) AS unknown_count
  FROM scoped_1 AS scoped
  GROUP BY
    family_id,
    channel_kind,
    channel_role,
    segment,
    `window`
), moments_1 AS (
  SELECT
    p.*,
    d.n / NULLIF(d.design_effect, 0) AS n_effective,
    COALESCE(d.reach_quantile * SQRT(d.design_effect), r.normal_quantile) AS reach,
    n_all - p.n AS n_unseen,
    closed_only - helped_only - least_helped AS least_gap,
    closed_only - helped_only + most_closed AS most_gap
  FROM metrics__rules AS r
  CROSS JOIN pairs_1 AS p
  LEFT JOIN metrics__gap_designs AS d
    ON p.family_id = d.family_id
    AND p.channel_kind = d.channel_kind
    AND p.channel_role = d.channel_role
    AND p.segment = d.segment
    AND p.window = d.window
), ends_1 AS (
  SELECT
    m.*,
    m.n_unseen > r.most_unseen_share * m.n_all AS is_hidden,
    e.labelled_count,
    (
      m.closed_only - m.helped_only
    ) / NULLIF(m.n, 0) AS gap,
    COALESCE(e.shift, 0) AS shift,
    POWER(r.normal_quantile, 2) * COALESCE(e.shift_variance, 0) AS reading,
    m.least_gap / NULLIF(m.n_all + 2, 0) - m.reach * SQRT(
      m.closed_only + m.helped_only + m.least_helped + 1 - POWER(m.least_gap, 2) / NULLIF(m.n_all + 2, 0)
    ) / NULLIF(m.n_all + 2, 0) AS low,
    m.most_gap / NULLIF(m.n_all + 2, 0) + m.reach * SQRT(
      m.closed_only + m.helped_only + m.most_closed + 1 - POWER(m.most_gap, 2) / NULLIF(m.n_all + 2, 0)
    ) / NULLIF(m.n_all + 2, 0) AS high,
    CASE
      WHEN m.n_unseen > 0
      THEN 'For ' || CAST(CAST(m.n_unseen AS BIGINT) AS STRING) || ' of ' || CAST(CAST(m.n_all AS BIGINT) AS STRING) || ' it is not known whether they were helped: the gap lies' || ' between ' || CAST(ROUND(100 * m.least_gap / NULLIF(m.n_all, 0), 1) AS STRING) || ' and ' || CAST(ROUND(100 * m.most_gap / NULLIF(m.n_all, 0), 1) AS STRING) || ' points.'
    END AS unseen_note
  FROM metrics__rules AS r
  CROSS JOIN moments_1 AS m
  LEFT JOIN metrics__reading_shifts AS e
    ON e.feature = 'helped=any'
    AND e.family_id = m.family_id
    AND e.channel_kind = m.channel_kind
)
SELECT
  family_id,
  channel_kind,
  channel_role,
  segment,
  'in_30d' AS statistic,
  `window`,
  CASE WHEN NOT is_hidden THEN GREATEST(-1, LEAST(1, gap - shift)) END AS value,
  GREATEST(-1, LEAST(1, gap - shift - SQRT(POWER(gap - low, 2) + reading))) AS low,
  LEAST(1, GREATEST(-1, gap - shift + SQRT(POWER(high - gap, 2) + reading))) AS high,
  n,
  COALESCE(n_effective, 0) AS n_effective,
  closed_only + helped_only AS n_events,
  0 AS n_censored,
  CAST(NULL AS STRING) AS own_state,
  CASE WHEN is_hidden THEN unseen_note END AS own_shortfall,
  NULLIF(
    CONCAT_WS(
      ' ',
      CASE
        WHEN NOT labelled_count IS NULL
        THEN 'Put right by ' || labelled_count || ' labels of this kind of channel: the rule says ' || CAST(ROUND(100 * gap, 1) AS STRING) || ' points.'
      END,
      CASE WHEN NOT is_hidden THEN unseen_note END,
      CASE
        WHEN unknown_count > 0
        THEN 'Left out: ' || unknown_count || ' observed too briefly, or from before the completely read period.'
      END
    ),
    ''
  ) AS own_note
FROM ends_1 AS ends
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
    ('in_30d') AS t(statistic)
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
  5 AS method_version,
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
      CASE
        WHEN verdict = 'measured'
        THEN (
          SELECT
            MAX(weakness)
          FROM metrics__feature_accuracy AS feature_accuracy
          WHERE
            feature = 'helped'
            AND class IN (
              'yes',
              'any type',
              'any language',
              'any family',
              'any kind',
              'stated',
              'bot or agent'
            )
            AND part = 'all'
            AND channel_kind IN ('all', 'status')
            AND language = 'all'
        )
      END,
      coverage_note
    ),
    ''
  ) AS note
FROM judged
