WITH members AS (
  SELECT
    s.stratum_id,
    d.family_id,
    d.duration_hours AS hours,
    d.is_event,
    COALESCE(t.source, '') || '/' || t.actor_id AS asker_id,
    COUNT(*) OVER (
      PARTITION BY s.stratum_id
      ORDER BY d.duration_hours NULLS LAST
      range BETWEEN UNBOUNDED preceding AND UNBOUNDED following
    ) - RANK() OVER (PARTITION BY s.stratum_id ORDER BY d.duration_hours NULLS LAST) + 1 AS n_at_risk
  FROM metrics__survival_durations AS d
  JOIN metrics__survival_strata AS s
    ON s.subject = d.subject
    AND s.family_id = d.family_id
    AND s.channel_kind = d.channel_kind
    AND s.member_role = d.channel_role
    AND s.segment = d.segment
  JOIN staging__threads AS t
    ON t.thread_id = d.item_id
  WHERE
    d.subject = 'response'
    AND d.segment IN ('newcomer', 'known')
    AND NOT d.is_excluded
    AND d.age_days <= s.window_days
    AND (
      d.is_pooled OR NOT s.pools_roles
    )
    AND NOT t.actor_id IS NULL
), risks AS (
  SELECT
    *,
    SUM(
      CASE
        WHEN is_event
        THEN CAST(1.0 AS DOUBLE) / NULLIF(n_at_risk * n_at_risk, 0)
        ELSE CAST(0 AS DOUBLE)
      END
    ) OVER (PARTITION BY stratum_id ORDER BY hours NULLS LAST) AS hazard
  FROM members
), reached AS (
  SELECT
    *,
    CASE
      WHEN hours <= 168
      THEN CASE
        WHEN is_event
        THEN CAST(1.0 AS DOUBLE) / NULLIF(n_at_risk, 0)
        ELSE CAST(0 AS DOUBLE)
      END - hazard
    END AS pull,
    COALESCE(MAX(CASE WHEN hours <= 168 THEN hazard END) OVER (PARTITION BY stratum_id), 0) AS week_hazard
  FROM risks
), askers AS (
  SELECT
    stratum_id,
    family_id,
    asker_id,
    CAST(COUNT(*) AS DOUBLE) AS n,
    SUM(COALESCE(pull, -week_hazard)) AS pull,
    SUM(POWER(COALESCE(pull, -week_hazard), 2)) AS squares
  FROM reached
  GROUP BY
    stratum_id,
    family_id,
    asker_id
), spreads AS (
  SELECT
    stratum_id,
    family_id,
    SUM(n) AS n,
    COUNT(*) AS groups,
    SUM(n * n) / NULLIF(SUM(n), 0) AS group_size,
    SUM(squares) AS independent,
    SUM(pull * pull) AS clustered
  FROM askers
  GROUP BY
    stratum_id,
    family_id
  HAVING
    SUM(askers.n) >= (
      SELECT
        min_items_count
      FROM metrics__rules AS rules
    )
    AND COUNT(*) < SUM(askers.n)
), mixed AS (
  SELECT
    *,
    n / NULLIF(group_size, 0) - 1 AS own_freedom,
    n / NULLIF(group_size, 0) - 1 + assumed_clusters AS freedom,
    1 + (
      group_size - 1
    ) * assumed_likeness AS assumed_design,
    CASE
      WHEN groups > 1 AND independent * n > CAST(1e-9 AS DOUBLE)
      THEN clustered * groups / NULLIF(groups - CAST(1.0 AS DOUBLE), 0) / NULLIF(independent, 0)
    END AS seen_design
  FROM metrics__rules AS rules
  CROSS JOIN spreads
), designs AS (
  SELECT
    stratum_id,
    GREATEST(
      1,
      (
        own_freedom * COALESCE(seen_design, assumed_design) + assumed_clusters * assumed_design
      ) / NULLIF(freedom, 0)
    ) AS design_effect,
    normal_quantile + (
      student_first + (
        student_second + (
          student_third + student_fourth / NULLIF(freedom, 0)
        ) / NULLIF(freedom, 0)
      ) / NULLIF(freedom, 0)
    ) / NULLIF(freedom, 0) AS reach_quantile
  FROM mixed
)
SELECT
  t.family_id,
  t.channel_kind,
  t.channel_role,
  t.segment,
  t.`window`,
  d.design_effect,
  GREATEST(
    1,
    SQRT(d.design_effect / NULLIF(c.design_effect, 0)) * d.reach_quantile / NULLIF(c.reach_quantile, 0)
  ) AS swell_factor
FROM designs AS d
JOIN metrics__survival_totals AS t
  ON t.stratum_id = d.stratum_id
JOIN metrics__survival_curves AS c
  ON c.stratum_id = d.stratum_id AND c.at_hours = 168 AND c.is_grid
