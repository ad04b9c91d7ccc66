-- kept__parted_1
WITH items_1 AS (
  SELECT
    r.thread_id AS item_id,
    r.url,
    r.family_id,
    r.channel_kind,
    r.channel_role,
    r.is_own AS is_pooled,
    'all' AS segment,
    'within_30d' AS statistic,
    COALESCE(
      ROUND(
        r.age_days - (
          UNIX_MICROS(t.first_closed_at) - UNIX_MICROS(t.opened_at)
        ) / NULLIF(CAST(86400e6 AS DOUBLE), 0),
        9
      ),
      r.age_days
    ) AS age_days,
    COALESCE(
      (
        UNIX_MICROS(t.reopened_at) - UNIX_MICROS(t.first_closed_at)
      ) / NULLIF(CAST(3600e6 AS DOUBLE), 0) <= 720,
      FALSE
    ) AS is_yes,
    CASE
      WHEN r.is_before_reach
      THEN 'older than the completely read period'
      WHEN NOT t.has_all_fields
      THEN 'whose closing was not read'
      WHEN t.first_closed_at IS NULL
      THEN 'whose first closing is unknown'
      WHEN (
        UNIX_MICROS(t.observed_until_at) - UNIX_MICROS(t.first_closed_at)
      ) / NULLIF(CAST(3600e6 AS DOUBLE), 0) < 720
      THEN 'closed less than 30 days ago'
    END AS exclusion_reason
  FROM metrics__thread_responses AS r
  JOIN staging__threads AS t
    ON t.thread_id = r.thread_id
  WHERE
    r.channel_kind = 'tracker'
    AND NOT r.family_id IS NULL
    AND r.author_role <> 'bot'
    AND (
      NOT t.closed_at IS NULL OR NOT t.first_closed_at IS NULL
    )
), alike_1 AS (
  SELECT
    i.family_id,
    i.channel_kind,
    i.channel_role,
    i.is_pooled,
    i.segment,
    i.statistic,
    i.exclusion_reason,
    CASE
      WHEN i.age_days <= 30
      THEN 30
      WHEN i.age_days <= 90
      THEN 90
      WHEN i.age_days <= 365
      THEN 365
      WHEN i.age_days > 365
      THEN 1000000
    END AS within_days,
    k.clustering,
    CASE WHEN k.clustering = 'person' THEN c.answerer_key ELSE c.cluster_key END AS cluster_key,
    CAST(COUNT(*) FILTER(WHERE
      NOT FALSE) AS DOUBLE) AS n,
    CAST(COUNT(*) FILTER(WHERE
      i.is_yes AND NOT FALSE) AS DOUBLE) AS n_events,
    CAST(COUNT(*) FILTER(WHERE
      FALSE) AS DOUBLE) AS n_unseen
  FROM VALUES
    ('cluster') AS k(clustering)
  CROSS JOIN items_1 AS i
  LEFT JOIN metrics__thread_clusters AS c
    ON c.item_id = i.item_id
  GROUP BY
    i.family_id,
    i.channel_kind,
    i.channel_role,
    i.is_pooled,
    i.segment,
    i.statistic,
    i.exclusion_reason,
    CASE
      WHEN i.age_days <= 30
      THEN 30
      WHEN i.age_days <= 90
      THEN 90
      WHEN i.age_days <= 365
      THEN 365
      WHEN i.age_days > 365
      THEN 1000000
    END,
    k.clustering,
    CASE WHEN k.clustering = 'person' THEN c.answerer_key ELSE c.cluster_key END
)
SELECT
  *,
  XXHASH64(
    COALESCE(CAST(family_id AS STRING), '\0'),
    COALESCE(CAST(channel_kind AS STRING), '\0'),
    COALESCE(CAST(channel_role AS STRING), '\0'),
    COALESCE(CAST(is_pooled AS STRING), '\0'),
    COALESCE(CAST(segment AS STRING), '\0'),
    COALESCE(CAST(statistic AS STRING), '\0'),
    COALESCE(CAST(within_days AS STRING), '\0')
  ) AS part_id
FROM alike_1 AS alike
-- kept__figured_1
SELECT
  p.part_id,
  p.family_id,
  p.channel_kind,
  IF(s.pools_roles, 'all', p.channel_role) AS channel_role,
  p.segment,
  p.statistic,
  s.`window`,
  XXHASH64(
    COALESCE(CAST(p.family_id AS STRING), '\0'),
    COALESCE(CAST(p.channel_kind AS STRING), '\0'),
    COALESCE(CAST(IF(s.pools_roles, 'all', p.channel_role) AS STRING), '\0'),
    COALESCE(CAST(p.segment AS STRING), '\0'),
    COALESCE(CAST(p.statistic AS STRING), '\0'),
    COALESCE(CAST(s.`window` AS STRING), '\0')
  ) AS figure_id
FROM metrics__scopes AS s
JOIN (
  SELECT DISTINCT
    part_id,
    family_id,
    channel_kind,
    channel_role,
    is_pooled,
    segment,
    statistic,
    within_days
  FROM kept__parted_1 AS parted
) AS p
  ON p.within_days <= s.window_days AND (
    p.is_pooled OR NOT s.pools_roles
  )
-- kept__clusters_1
SELECT
  f.figure_id,
  p.exclusion_reason,
  p.clustering,
  p.cluster_key,
  SUM(p.n) AS n,
  SUM(p.n_events) AS n_events,
  SUM(p.n_unseen) AS n_unseen
FROM kept__parted_1 AS p
JOIN kept__figured_1 AS f
  ON f.part_id = p.part_id
GROUP BY
  f.figure_id,
  p.exclusion_reason,
  p.clustering,
  p.cluster_key
-- kept__figures
WITH reasons_1 AS (
  SELECT
    figure_id,
    exclusion_reason,
    SUM(n + n_unseen) AS left_count
  FROM kept__clusters_1 AS clusters
  WHERE
    NOT exclusion_reason IS NULL AND clustering = 'cluster'
  GROUP BY
    figure_id,
    exclusion_reason
), left_out_1 AS (
  SELECT
    figure_id,
    'Left out: ' || LISTAGG(CAST(CAST(left_count AS BIGINT) AS STRING) || ' ' || exclusion_reason, ', ') WITHIN GROUP (ORDER BY
      exclusion_reason NULLS LAST) || '.' AS own_note
  FROM reasons_1 AS reasons
  GROUP BY
    figure_id
), counted_1 AS (
  SELECT
    figure_id,
    COALESCE(SUM(n) FILTER(WHERE
      exclusion_reason IS NULL), 0) AS n,
    COALESCE(SUM(n_events) FILTER(WHERE
      exclusion_reason IS NULL), 0) AS n_events,
    COALESCE(SUM(n_unseen) FILTER(WHERE
      exclusion_reason IS NULL), 0) AS n_unseen,
    CASE
      WHEN BOOL_AND(COALESCE(exclusion_reason LIKE 'not applicable%', FALSE))
      THEN 'not applicable'
    END AS own_state
  FROM kept__clusters_1 AS clusters
  WHERE
    clustering = 'cluster'
  GROUP BY
    figure_id
), spreads_1 AS (
  SELECT
    figure_id,
    clustering,
    SUM(n) AS n,
    SUM(IF(cluster_key IS NULL, n, 1)) AS groups,
    SUM(n * IF(cluster_key IS NULL, 1, n)) / NULLIF(SUM(n), 0) AS group_size,
    SUM(n_events) * (
      SUM(n) - SUM(n_events)
    ) / NULLIF(SUM(n), 0) AS independent,
    SUM(n_events * IF(cluster_key IS NULL, 1, n_events)) - 2 * SUM(n_events) / NULLIF(SUM(n), 0) * SUM(n_events * IF(cluster_key IS NULL, 1, n)) + POWER(SUM(n_events) / NULLIF(SUM(n), 0), 2) * SUM(n * IF(cluster_key IS NULL, 1, n)) AS clustered
  FROM kept__clusters_1 AS clusters
  WHERE
    exclusion_reason IS NULL AND n > 0
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
), bounds_1 AS (
  SELECT
    c.*,
    c.n / NULLIF(w.design, 0) AS n_effective,
    w.n_worth / NULLIF(c.n, 0) * (
      c.n + c.n_unseen
    ) AS n_known,
    c.n_events / NULLIF(c.n + c.n_unseen, 0) AS least_share,
    (
      c.n_events + c.n_unseen
    ) / NULLIF(c.n + c.n_unseen, 0) AS most_share,
    POWER(r.normal_quantile, 2) AS z_squared,
    c.n_unseen > r.most_unseen_share * (
      c.n + c.n_unseen
    ) AS is_hidden
  FROM metrics__rules AS r
  CROSS JOIN counted_1 AS c
  LEFT JOIN worth_1 AS w
    ON w.figure_id = c.figure_id
)
SELECT
  f.family_id,
  f.channel_kind,
  f.channel_role,
  f.segment,
  f.statistic,
  f.`window`,
  CASE WHEN NOT c.is_hidden THEN c.n_events / NULLIF(c.n, 0) END AS value,
  CASE
    WHEN c.least_share = 0
    THEN CAST(0 AS DOUBLE)
    ELSE (
      c.least_share + c.z_squared / NULLIF(2 * c.n_known, 0) - SQRT(
        c.z_squared * c.least_share * (
          1 - c.least_share
        ) / NULLIF(c.n_known, 0) + POWER(c.z_squared / NULLIF(2 * c.n_known, 0), 2)
      )
    ) / NULLIF(1 + c.z_squared / NULLIF(c.n_known, 0), 0)
  END AS low,
  CASE
    WHEN c.most_share = 1
    THEN CAST(1 AS DOUBLE)
    ELSE (
      c.most_share + c.z_squared / NULLIF(2 * c.n_known, 0) + SQRT(
        c.z_squared * c.most_share * (
          1 - c.most_share
        ) / NULLIF(c.n_known, 0) + POWER(c.z_squared / NULLIF(2 * c.n_known, 0), 2)
      )
    ) / NULLIF(1 + c.z_squared / NULLIF(c.n_known, 0), 0)
  END AS high,
  c.n,
  c.n_effective,
  c.n_events,
  0 AS n_censored,
  CASE WHEN c.is_hidden THEN 'not enough data' ELSE c.own_state END AS own_state,
  CASE
    WHEN c.is_hidden
    THEN CAST(CAST(c.n_unseen AS BIGINT) AS STRING) || ' of ' || CAST(CAST(c.n + c.n_unseen AS BIGINT) AS STRING) || CASE c.n_unseen WHEN 1 THEN ' was' ELSE ' were' END || ' not seen: the share lies between ' || CAST(ROUND(100 * c.least_share, 1) AS STRING) || ' and ' || CAST(ROUND(100 * c.most_share, 1) AS STRING) || ' %.'
  END AS own_shortfall,
  NULLIF(
    CONCAT_WS(
      ' ',
      CASE
        WHEN NOT c.is_hidden AND c.n_unseen > 0
        THEN CAST(CAST(c.n_unseen AS BIGINT) AS STRING) || CASE c.n_unseen WHEN 1 THEN ' more was' ELSE ' more were' END || ' not seen: the interval allows for either.'
      END,
      l.own_note
    ),
    ''
  ) AS own_note
FROM bounds_1 AS c
JOIN (
  SELECT DISTINCT
    figure_id,
    family_id,
    channel_kind,
    channel_role,
    segment,
    statistic,
    `window`
  FROM kept__figured_1 AS figured
) AS f
  ON f.figure_id = c.figure_id
LEFT JOIN left_out_1 AS l
  ON l.figure_id = c.figure_id
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
    ('within_30d') AS t(statistic)
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
        THEN 'Only ' || CAST(n AS STRING) || ' closed threads, worth ' || CAST(CAST(FLOOR(n_effective) AS BIGINT) AS STRING) || ' that do not depend on each other.'
        ELSE CASE n WHEN 0 THEN 'No' ELSE 'Only ' || CAST(n AS STRING) END || ' closed threads.'
      END,
      NULLIF(own_note, ''),
      coverage_note
    ),
    ''
  ) AS note
FROM judged
