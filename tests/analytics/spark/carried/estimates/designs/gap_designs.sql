WITH clusters AS (
  SELECT
    h.family_id,
    h.channel_kind,
    CASE WHEN s.pools_roles THEN 'all' ELSE h.channel_role END AS channel_role,
    g.segment,
    s.`window`,
    c.cluster_key,
    CAST(COUNT(*) AS DOUBLE) AS n,
    CAST(SUM(CAST(h.is_closed_30d AS INT) - CAST(h.is_helped_30d AS INT)) AS DOUBLE) AS gap,
    CAST(COUNT(*) FILTER(WHERE
      h.is_closed_30d <> h.is_helped_30d) AS DOUBLE) AS n_apart
  FROM metrics__scopes AS s
  JOIN metrics__thread_help AS h
    ON h.age_days <= s.window_days AND (
      h.is_pooled OR NOT s.pools_roles
    )
  JOIN metrics__thread_segments AS g
    ON g.thread_id = h.thread_id AND g.segment NOT LIKE 'language:%'
  JOIN metrics__thread_clusters AS c
    ON c.item_id = h.thread_id
  WHERE
    NOT h.family_id IS NULL
    AND h.author_role <> 'bot'
    AND h.exclusion_reason IS NULL
    AND NOT h.is_helped_30d IS NULL
    AND NOT h.is_closed_30d IS NULL
  GROUP BY
    h.family_id,
    h.channel_kind,
    CASE WHEN s.pools_roles THEN 'all' ELSE h.channel_role END,
    g.segment,
    s.`window`,
    c.cluster_key
), spreads AS (
  SELECT
    family_id,
    channel_kind,
    channel_role,
    segment,
    `window`,
    SUM(n) AS n,
    COUNT(*) AS groups,
    SUM(n * n) / NULLIF(SUM(n), 0) AS group_size,
    SUM(n_apart) - POWER(SUM(gap), 2) / NULLIF(SUM(n), 0) AS independent,
    SUM(gap * gap) - 2 * SUM(gap) / NULLIF(SUM(n), 0) * SUM(n * gap) + POWER(SUM(gap) / NULLIF(SUM(n), 0), 2) * SUM(n * n) AS clustered
  FROM clusters
  GROUP BY
    family_id,
    channel_kind,
    channel_role,
    segment,
    `window`
), mixed AS (
  SELECT
    *,
    n / NULLIF(group_size, 0) - 1 AS own_freedom,
    n / NULLIF(group_size, 0) - 1 + r.assumed_clusters AS freedom,
    1 + (
      group_size - 1
    ) * r.assumed_likeness AS assumed_design,
    CASE
      WHEN groups > 1 AND independent > 0
      THEN clustered * groups / NULLIF(groups - CAST(1.0 AS DOUBLE), 0) / NULLIF(independent, 0)
    END AS seen_design
  FROM metrics__rules AS r
  CROSS JOIN spreads
)
SELECT
  family_id,
  channel_kind,
  channel_role,
  segment,
  `window`,
  n,
  CASE
    WHEN groups = n
    THEN CAST(1 AS DOUBLE)
    ELSE GREATEST(
      1,
      (
        own_freedom * COALESCE(seen_design, assumed_design) + assumed_clusters * assumed_design
      ) / NULLIF(freedom, 0)
    )
  END AS design_effect,
  CASE
    WHEN groups = n
    THEN normal_quantile
    ELSE normal_quantile + (
      student_first + (
        student_second + (
          student_third + student_fourth / NULLIF(freedom, 0)
        ) / NULLIF(freedom, 0)
      ) / NULLIF(freedom, 0)
    ) / NULLIF(freedom, 0)
  END AS reach_quantile
FROM mixed
