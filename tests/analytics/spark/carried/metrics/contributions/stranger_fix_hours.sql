-- kept__scoped_1
WITH items_1 AS (
  SELECT
    f.thread_id AS item_id,
    f.url,
    f.fix_url,
    f.family_id,
    f.channel_kind,
    f.channel_role,
    f.is_pooled,
    g.segment,
    s.statistic,
    ROUND(f.age_days - f.fix_hours / 24, 9) AS age_days,
    f.fix_hours AS amount,
    CASE WHEN f.is_own_fix THEN 'fixed by the asker' END AS exclusion_reason
  FROM VALUES
    ('any', 'any'),
    ('merged_change', 'merged change'),
    ('confirmed_snippet', 'confirmed snippet') AS s(statistic, fix_kind)
  JOIN metrics__stranger_fixes AS f
    ON s.statistic = 'any' OR s.fix_kind = f.fix_kind
  JOIN metrics__thread_segments AS g
    ON g.thread_id = f.thread_id AND g.segment NOT LIKE 'language:%'
)
SELECT
  i.family_id,
  i.channel_kind,
  IF(s.pools_roles, 'all', i.channel_role) AS channel_role,
  i.segment,
  i.statistic,
  s.`window`,
  XXHASH64(
    COALESCE(CAST(i.family_id AS STRING), '\0'),
    COALESCE(CAST(i.channel_kind AS STRING), '\0'),
    COALESCE(CAST(IF(s.pools_roles, 'all', i.channel_role) AS STRING), '\0'),
    COALESCE(CAST(i.segment AS STRING), '\0'),
    COALESCE(CAST(i.statistic AS STRING), '\0'),
    COALESCE(CAST(s.`window` AS STRING), '\0')
  ) AS figure_id,
  CAST(i.amount AS DOUBLE) AS amount,
  i.exclusion_reason,
  COALESCE(
    c.cluster_key,
    XXHASH64(COALESCE(CAST(MD5(CAST(i.item_id AS STRING)) AS STRING), '\0'))
  ) AS cluster_key,
  COALESCE(
    c.answerer_key,
    XXHASH64(COALESCE(CAST(MD5(CAST(i.item_id AS STRING)) AS STRING), '\0'))
  ) AS answerer_key
FROM metrics__scopes AS s
JOIN items_1 AS i
  ON i.age_days <= s.window_days AND (
    i.is_pooled OR NOT s.pools_roles
  )
LEFT JOIN metrics__thread_clusters AS c
  ON c.item_id = i.item_id
-- kept__ranked_1
WITH amounts_1 AS (
  SELECT
    figure_id,
    amount,
    CAST(COUNT(*) AS DOUBLE) AS held
  FROM kept__scoped_1 AS scoped
  WHERE
    exclusion_reason IS NULL AND NOT amount IS NULL
  GROUP BY
    figure_id,
    amount
)
SELECT
  figure_id,
  amount,
  SUM(held) OVER (PARTITION BY figure_id ORDER BY amount NULLS LAST) AS last_place,
  SUM(held) OVER (PARTITION BY figure_id) AS n
FROM amounts_1 AS amounts
-- kept__middles_1
SELECT
  figure_id,
  MAX(n) AS n,
  (
    MIN(amount) FILTER(WHERE
      last_place >= FLOOR((
        n + 1
      ) / 2)) + MIN(amount) FILTER(WHERE
      last_place >= CEIL((
        n + 1
      ) / 2))
  ) / 2 AS value
FROM kept__ranked_1 AS ranked
GROUP BY
  figure_id
-- kept__placed_1
WITH clusters_1 AS (
  SELECT
    s.figure_id,
    w.clustering,
    CASE w.clustering WHEN 'person' THEN s.answerer_key ELSE s.cluster_key END AS cluster_key,
    CAST(COUNT(*) AS DOUBLE) AS n,
    SUM(
      CASE
        WHEN s.amount < m.value
        THEN CAST(0.5 AS DOUBLE)
        WHEN s.amount > m.value
        THEN -CAST(0.5 AS DOUBLE)
        ELSE CAST(0 AS DOUBLE)
      END
    ) AS balance
  FROM VALUES
    ('cluster') AS w(clustering)
  CROSS JOIN kept__scoped_1 AS s
  JOIN kept__middles_1 AS m
    ON m.figure_id = s.figure_id
  WHERE
    s.exclusion_reason IS NULL AND NOT s.amount IS NULL
  GROUP BY
    s.figure_id,
    w.clustering,
    CASE w.clustering WHEN 'person' THEN s.answerer_key ELSE s.cluster_key END
), spreads_1 AS (
  SELECT
    figure_id,
    clustering,
    SUM(n) AS n,
    COUNT(*) AS groups,
    SUM(n * n) / NULLIF(SUM(n), 0) AS group_size,
    SUM(n) / 4 AS independent,
    SUM(balance * balance) AS clustered
  FROM clusters_1 AS clusters
  GROUP BY
    figure_id,
    clustering
), assumed_1 AS (
  SELECT
    *,
    n / NULLIF(group_size, 0) - 1 AS freedom,
    1 + (
      group_size - 1
    ) * r.assumed_likeness AS assumed_design,
    CASE
      WHEN groups > 1 AND independent > 0
      THEN clustered * groups / NULLIF(groups - CAST(1.0 AS DOUBLE), 0) / NULLIF(independent, 0)
    END AS seen_design
  FROM metrics__rules AS r
  CROSS JOIN spreads_1 AS spreads
), mixed_1 AS (
  SELECT
    *,
    freedom + assumed_clusters AS all_freedom,
    CASE
      WHEN groups = n
      THEN CAST(1 AS DOUBLE)
      ELSE GREATEST(
        1,
        (
          freedom * COALESCE(seen_design, assumed_design) + assumed_clusters * assumed_design
        ) / NULLIF(freedom + assumed_clusters, 0)
      )
    END AS design
  FROM assumed_1 AS assumed
), worth_1 AS (
  SELECT
    figure_id,
    MAX(design) AS design,
    MIN(
      n / NULLIF(design, 0) / NULLIF(
        CASE
          WHEN groups = n
          THEN CAST(1 AS DOUBLE)
          ELSE POWER(
            1 + (
              student_first + (
                student_second + (
                  student_third + student_fourth / NULLIF(all_freedom, 0)
                ) / NULLIF(all_freedom, 0)
              ) / NULLIF(all_freedom, 0)
            ) / NULLIF(all_freedom, 0) / NULLIF(normal_quantile, 0),
            2
          )
        END,
        0
      )
    ) AS n_worth
  FROM mixed_1 AS mixed
  GROUP BY
    figure_id
)
SELECT
  m.figure_id,
  m.n,
  m.value,
  m.n / NULLIF(w.design, 0) AS n_effective,
  (
    m.n * (
      1 - r.normal_quantile / NULLIF(SQRT(w.n_worth), 0)
    ) + 1
  ) / 2 AS low_place
FROM metrics__rules AS r
CROSS JOIN kept__middles_1 AS m
JOIN worth_1 AS w
  ON w.figure_id = m.figure_id
-- kept__figures
WITH reasons_1 AS (
  SELECT
    figure_id,
    exclusion_reason,
    COUNT(*) AS left_count
  FROM kept__scoped_1 AS scoped
  WHERE
    NOT exclusion_reason IS NULL
  GROUP BY
    figure_id,
    exclusion_reason
), left_out_1 AS (
  SELECT
    figure_id,
    'Left out: ' || LISTAGG(CAST(left_count AS STRING) || ' ' || exclusion_reason, ', ') WITHIN GROUP (ORDER BY
      exclusion_reason NULLS LAST) || '.' AS own_note
  FROM reasons_1 AS reasons
  GROUP BY
    figure_id
), ends_1 AS (
  SELECT
    p.figure_id,
    MIN(k.amount) FILTER(WHERE
      k.last_place >= FLOOR(p.low_place)) AS low_before,
    MIN(k.amount) FILTER(WHERE
      k.last_place >= FLOOR(p.low_place) + 1) AS low_after,
    MIN(k.amount) FILTER(WHERE
      k.last_place >= p.n - FLOOR(p.low_place)) AS high_before,
    MIN(k.amount) FILTER(WHERE
      k.last_place >= p.n + 1 - FLOOR(p.low_place)) AS high_after
  FROM kept__placed_1 AS p
  JOIN kept__ranked_1 AS k
    ON k.figure_id = p.figure_id
  WHERE
    p.low_place >= 1
  GROUP BY
    p.figure_id
)
SELECT
  f.family_id,
  f.channel_kind,
  f.channel_role,
  f.segment,
  f.statistic,
  f.`window`,
  p.value,
  e.low_before + (
    e.low_after - e.low_before
  ) * (
    p.low_place - FLOOR(p.low_place)
  ) AS low,
  e.high_after - (
    e.high_after - e.high_before
  ) * (
    p.low_place - FLOOR(p.low_place)
  ) AS high,
  p.n,
  p.n_effective,
  p.n AS n_events,
  0 AS n_censored,
  CAST(NULL AS STRING) AS own_state,
  CASE WHEN p.n IS NULL THEN l.own_note END AS own_shortfall,
  CASE WHEN NOT p.n IS NULL THEN l.own_note END AS own_note
FROM (
  SELECT DISTINCT
    figure_id,
    family_id,
    channel_kind,
    channel_role,
    segment,
    statistic,
    `window`
  FROM kept__scoped_1 AS scoped
) AS f
LEFT JOIN kept__placed_1 AS p
  ON p.figure_id = f.figure_id
LEFT JOIN ends_1 AS e
  ON e.figure_id = f.figure_id
LEFT JOIN left_out_1 AS l
  ON l.figure_id = f.figure_id
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
    ('any'),
    ('merged_change'),
    ('confirmed_snippet') AS t(statistic)
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
  'hours' AS unit,
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
        THEN 'Only ' || CAST(n AS STRING) || ' fixes by strangers, worth ' || CAST(CAST(FLOOR(n_effective) AS BIGINT) AS STRING) || ' that do not depend on each other.'
        ELSE CASE n WHEN 0 THEN 'No' ELSE 'Only ' || CAST(n AS STRING) END || ' fixes by strangers.'
      END,
      NULLIF(own_note, ''),
      CASE
        WHEN verdict = 'measured'
        THEN (
          SELECT
            MAX(weakness)
          FROM metrics__feature_accuracy AS feature_accuracy
          WHERE
            feature = 'has_solved'
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
      CASE
        WHEN verdict = 'measured'
        THEN (
          SELECT
            MAX(weakness)
          FROM metrics__feature_accuracy AS feature_accuracy
          WHERE
            feature = 'has_patch'
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
      CASE
        WHEN verdict = 'measured'
        THEN (
          SELECT
            MAX(weakness)
          FROM metrics__feature_accuracy AS feature_accuracy
          WHERE
            feature = 'has_code'
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
