WITH monthly AS (
  SELECT
    d.family_id,
    CASE WHEN p.pools_roles THEN 'all' ELSE d.channel_role END AS channel_role,
    d.segment,
    FLOOR(d.opened_days / 30) AS month_number,
    CAST(COUNT(*) AS DOUBLE) AS month_count,
    MIN(d.read_days) AS read_days
  FROM (
    SELECT DISTINCT
      pools_roles
    FROM metrics__scopes AS scopes
  ) AS p
  CROSS JOIN metrics__dated_changes AS d
  GROUP BY
    d.family_id,
    CASE WHEN p.pools_roles THEN 'all' ELSE d.channel_role END,
    d.segment,
    FLOOR(d.opened_days / 30)
), spanned AS (
  SELECT
    *,
    LEAST(MAX(month_number) OVER s, FLOOR((
      (
        MIN(read_days) OVER s
      ) + 1
    ) / 30), 12) AS months_count
  FROM monthly
  WINDOW s AS (PARTITION BY family_id, channel_role, segment)
), varied AS (
  SELECT
    family_id,
    channel_role,
    segment,
    ANY_VALUE(months_count) IGNORE NULLS - 1 AS freedom,
    SUM(month_count) / NULLIF(ANY_VALUE(months_count) IGNORE NULLS, 0) AS mean,
    (
      SUM(POWER(month_count, 2)) - POWER(SUM(month_count), 2) / NULLIF(ANY_VALUE(months_count) IGNORE NULLS, 0)
    ) / NULLIF(ANY_VALUE(months_count) IGNORE NULLS - 1, 0) AS variance
  FROM spanned
  WHERE
    month_number < months_count AND months_count >= 6
  GROUP BY
    family_id,
    channel_role,
    segment
), weighed AS (
  SELECT
    v.*,
    r.assumed_clusters,
    POWER(r.assumed_variation, 2) / NULLIF(
      1 + EXP(
        LEAST(
          500,
          freedom / 2 * (
            LN(1 + POWER(r.assumed_variation, 2) * mean) - variance / NULLIF(mean, 0) * (
              1 - 1 / NULLIF(1 + POWER(r.assumed_variation, 2) * mean, 0)
            )
          )
        )
      ) / NULLIF(r.assumed_odds, 0),
      0
    ) AS likely
  FROM metrics__rules AS r
  CROSS JOIN varied AS v
)
SELECT
  family_id,
  channel_role,
  segment,
  GREATEST(
    0,
    (
      freedom * (
        variance - mean
      ) / NULLIF(POWER(mean, 2), 0) + assumed_clusters * likely
    ) / NULLIF(freedom + assumed_clusters, 0)
  ) AS variation
FROM weighed
