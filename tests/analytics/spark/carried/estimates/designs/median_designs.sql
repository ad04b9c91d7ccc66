-- kept__medians
SELECT
  t.stratum_id,
  u.stratum_id AS any_stratum_id,
  p.family_id,
  p.channel_kind,
  p.channel_role,
  p.`window`,
  p.value,
  a.value AS any_value
FROM metrics__survival_summary AS p
JOIN metrics__survival_summary AS a
  ON p.subject = a.subject
  AND p.family_id = a.family_id
  AND p.channel_kind = a.channel_kind
  AND p.channel_role = a.channel_role
  AND p.window = a.window
  AND p.statistic = a.statistic
JOIN metrics__survival_totals AS t
  ON t.subject = p.subject
  AND t.family_id = p.family_id
  AND t.channel_kind = p.channel_kind
  AND t.channel_role = p.channel_role
  AND t.`window` = p.`window`
  AND t.segment = p.segment
JOIN metrics__survival_totals AS u
  ON u.subject = p.subject
  AND u.family_id = p.family_id
  AND u.channel_kind = p.channel_kind
  AND u.channel_role = p.channel_role
  AND u.`window` = p.`window`
  AND u.segment = a.segment
WHERE
  p.subject = 'response'
  AND p.segment = 'anyone'
  AND a.segment = 'anything'
  AND p.statistic = 'median'
  AND NOT p.value IS NULL
  AND NOT a.value IS NULL
-- kept__sides
WITH waits AS (
  SELECT
    m.stratum_id,
    p.item_key,
    COALESCE(p.cluster_key, p.item_key) AS cluster_key,
    CASE
      WHEN p.duration_hours <= m.value
      THEN CAST(1.0 AS DOUBLE)
      ELSE CAST(0 AS DOUBLE)
    END AS is_below
  FROM kept__medians AS m
  JOIN metrics__survival_members AS p
    ON p.stratum_id = m.stratum_id
  WHERE
    NOT p.is_unseen AND (
      p.is_event OR p.duration_hours > m.value
    )
), any_waits AS (
  SELECT
    m.stratum_id,
    a.item_key,
    CASE
      WHEN a.duration_hours <= m.any_value
      THEN CAST(1.0 AS DOUBLE)
      ELSE CAST(0 AS DOUBLE)
    END AS is_any_below
  FROM kept__medians AS m
  JOIN metrics__survival_members AS a
    ON a.stratum_id = m.any_stratum_id
  WHERE
    NOT a.is_unseen AND (
      a.is_event OR a.duration_hours > m.any_value
    )
)
SELECT
  p.stratum_id,
  p.cluster_key,
  p.is_below,
  a.is_any_below
FROM waits AS p
JOIN any_waits AS a
  ON a.stratum_id = p.stratum_id AND a.item_key = p.item_key
-- kept__alone
SELECT
  stratum_id,
  AVG(is_below) AS below,
  AVG(is_any_below) AS any_below,
  CASE
    WHEN STDDEV_POP(is_below) > 0 AND STDDEV_POP(is_any_below) > 0
    THEN CORR(is_below, is_any_below)
    ELSE 0
  END AS correlation
FROM kept__sides AS sides
GROUP BY
  stratum_id
WITH weeks AS (
  SELECT
    s.stratum_id,
    CAST(COUNT(*) AS DOUBLE) AS n,
    SUM(s.is_below - t.below) AS pull,
    SUM(s.is_any_below - t.any_below) AS any_pull
  FROM kept__sides AS s
  JOIN kept__alone AS t
    ON t.stratum_id = s.stratum_id
  GROUP BY
    s.stratum_id,
    s.cluster_key
), seen AS (
  SELECT
    stratum_id,
    POWER(SUM(n), 2) / NULLIF(SUM(n * n), 0) - 1 AS freedom,
    SUM(pull * any_pull) / NULLIF(SQRT(SUM(pull * pull) * SUM(any_pull * any_pull)), 0) AS correlation
  FROM weeks
  GROUP BY
    stratum_id
)
SELECT
  m.family_id,
  m.channel_kind,
  m.channel_role,
  m.`window`,
  GREATEST(
    0,
    LEAST(
      1,
      (
        s.freedom * COALESCE(s.correlation, t.correlation) + r.assumed_clusters * t.correlation
      ) / NULLIF(s.freedom + r.assumed_clusters, 0)
    )
  ) AS correlation
FROM metrics__rules AS r
CROSS JOIN kept__medians AS m
JOIN seen AS s
  ON s.stratum_id = m.stratum_id
JOIN kept__alone AS t
  ON t.stratum_id = m.stratum_id
