WITH grid AS (
  SELECT
    EXPLODE(
      ARRAY(
        CAST(0.0 AS DOUBLE),
        CAST(0.25 AS DOUBLE),
        CAST(0.5 AS DOUBLE),
        1,
        CAST(1.5 AS DOUBLE),
        2,
        3,
        4,
        6,
        8,
        10,
        12,
        15,
        18,
        21,
        24,
        30,
        36,
        42,
        48,
        60,
        72,
        84,
        96,
        120,
        144,
        168,
        192,
        240,
        288,
        336,
        408,
        480,
        600,
        720,
        960,
        1200,
        1440,
        1800,
        2160,
        2880,
        3600,
        4320,
        5760,
        7200,
        8760
      )
    ) AS at_hours
), members AS (
  SELECT
    stratum_id,
    duration_hours AS at_hours,
    is_event,
    FALSE AS is_grid,
    CAST(1 AS DOUBLE) AS weight
  FROM metrics__survival_members AS survival_members
  WHERE
    NOT is_unseen
  UNION ALL
  SELECT
    s.stratum_id,
    CAST(g.at_hours AS DOUBLE),
    FALSE,
    TRUE,
    NULL
  FROM grid AS g
  JOIN (
    SELECT DISTINCT
      stratum_id,
      is_drawn
    FROM metrics__survival_strata AS survival_strata
  ) AS s
    ON s.is_drawn OR g.at_hours IN (0, 24, 168, 720, 2160, 4320)
), at_risk AS (
  SELECT
    stratum_id,
    at_hours,
    is_event,
    is_grid,
    SUM(weight) OVER (PARTITION BY stratum_id ORDER BY at_hours DESC) AS n_at_risk
  FROM members
), steps AS (
  SELECT
    stratum_id,
    at_hours,
    COALESCE(MAX(n_at_risk), 0) AS n,
    CAST(COUNT(*) FILTER(WHERE
      is_event) AS DOUBLE) AS d,
    BOOL_OR(is_grid) AS is_grid
  FROM at_risk
  WHERE
    is_event OR is_grid
  GROUP BY
    stratum_id,
    at_hours
), sums AS (
  SELECT
    *,
    SUM(
      CASE
        WHEN d < n
        THEN LN(1 - d / NULLIF(n, 0))
        WHEN d > 0
        THEN CAST('-infinity' AS DOUBLE)
        ELSE CAST(0 AS DOUBLE)
      END
    ) OVER before AS log_share,
    SUM(CASE WHEN d < n THEN d / NULLIF(n * (
      n - d
    ), 0) ELSE CAST(0 AS DOUBLE) END) OVER before AS greenwood,
    SUM(d) OVER before AS n_events_so_far,
    LEAD(CASE WHEN d > 0 THEN at_hours END) IGNORE NULLS OVER (PARTITION BY stratum_id ORDER BY at_hours NULLS LAST) AS next_event_hours
  FROM steps
  WINDOW before AS (
    PARTITION BY stratum_id
    ORDER BY at_hours NULLS LAST
    rows BETWEEN UNBOUNDED preceding AND CURRENT ROW
  )
), shares AS (
  SELECT
    c.*,
    EXP(c.log_share) AS survival_share,
    COALESCE(d.design_effect, 1) AS design_effect,
    d.freedom,
    COALESCE(d.reach_quantile, r.normal_quantile) AS reach_quantile,
    COALESCE(SQRT(d.design_effect), 1) * SQRT(c.greenwood) AS log_error
  FROM metrics__rules AS r
  CROSS JOIN sums AS c
  LEFT JOIN metrics__survival_designs AS d
    ON d.stratum_id = c.stratum_id
    AND d.clustering = 'week'
    AND d.to_hours = CASE
      WHEN c.at_hours <= 24
      THEN CAST(24 AS DOUBLE)
      WHEN c.at_hours <= 168
      THEN CAST(168 AS DOUBLE)
      WHEN c.at_hours <= 720
      THEN CAST(720 AS DOUBLE)
      ELSE CAST(1e9 AS DOUBLE)
    END
)
SELECT
  c.stratum_id,
  k.family_id,
  c.at_hours,
  c.next_event_hours,
  CAST(c.n AS BIGINT) AS n_at_risk,
  CAST(c.d AS BIGINT) AS n_events_here,
  CAST(c.n_events_so_far AS BIGINT) AS n_events_so_far,
  c.is_grid,
  c.survival_share,
  CASE WHEN c.survival_share > 0 THEN c.survival_share * c.log_error END AS survival_error,
  c.greenwood,
  c.design_effect,
  c.freedom,
  c.reach_quantile,
  CASE
    WHEN c.survival_share > 0 AND c.survival_share < 1
    THEN POWER(c.survival_share, EXP(-c.reach_quantile * c.log_error / NULLIF(c.log_share, 0)))
  END AS survival_low,
  CASE
    WHEN c.survival_share > 0 AND c.survival_share < 1
    THEN POWER(c.survival_share, EXP(c.reach_quantile * c.log_error / NULLIF(c.log_share, 0)))
  END AS survival_high
FROM shares AS c
JOIN (
  SELECT DISTINCT
    stratum_id,
    family_id
  FROM metrics__survival_strata AS survival_strata
) AS k
  ON k.stratum_id = c.stratum_id
