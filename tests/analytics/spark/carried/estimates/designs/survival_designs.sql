WITH clustered AS (
  SELECT
    stratum_id,
    duration_hours AS hours,
    is_event,
    'week' AS clustering,
    cluster_key
  FROM metrics__survival_members AS survival_members
  WHERE
    NOT cluster_key IS NULL AND NOT is_unseen
  UNION ALL
  SELECT
    s.stratum_id,
    d.duration_hours,
    d.is_event,
    'person',
    XXHASH64(COALESCE(CAST(MD5(COALESCE(t.source, '') || '/' || t.actor_id) AS STRING), '\0'))
  FROM metrics__survival_durations AS d
  JOIN metrics__survival_strata AS s
    ON s.subject = d.subject
    AND s.family_id = d.family_id
    AND s.channel_kind = d.channel_kind
    AND s.member_role = d.channel_role
    AND s.segment = d.segment
  JOIN staging__threads AS t
    ON t.thread_id = d.item_id AND NOT t.actor_id IS NULL
  WHERE
    d.subject = 'response'
    AND d.segment IN ('newcomer', 'known')
    AND NOT d.is_excluded
    AND d.age_days <= s.window_days
    AND (
      d.is_pooled OR NOT s.pools_roles
    )
), members AS (
  SELECT
    *,
    COUNT(*) OVER (
      PARTITION BY stratum_id, clustering
      ORDER BY hours NULLS LAST
      range BETWEEN UNBOUNDED preceding AND UNBOUNDED following
    ) - RANK() OVER (PARTITION BY stratum_id, clustering ORDER BY hours NULLS LAST) + 1 AS n_at_risk
  FROM clustered
), risks AS (
  SELECT
    *,
    SUM(
      CASE
        WHEN is_event
        THEN CAST(1.0 AS DOUBLE) / NULLIF(n_at_risk * n_at_risk, 0)
        ELSE CAST(0 AS DOUBLE)
      END
    ) OVER (PARTITION BY stratum_id, clustering ORDER BY hours NULLS LAST) AS hazard
  FROM members
), exposed AS (
  SELECT
    *,
    CASE
      WHEN is_event
      THEN CAST(1.0 AS DOUBLE) / NULLIF(n_at_risk, 0)
      ELSE CAST(0 AS DOUBLE)
    END - hazard AS pull
  FROM risks
), clusters AS (
  SELECT
    stratum_id,
    clustering,
    CAST(COUNT(*) AS DOUBLE) AS n,
    ARRAY(
      COALESCE(SUM(pull) FILTER(WHERE
        hours <= 24), 0),
      COALESCE(SUM(pull) FILTER(WHERE
        hours <= 168), 0),
      COALESCE(SUM(pull) FILTER(WHERE
        hours <= 720), 0),
      SUM(pull)
    ) AS pulls,
    ARRAY(
      COALESCE(SUM(pull * pull) FILTER(WHERE
        hours <= 24), 0),
      COALESCE(SUM(pull * pull) FILTER(WHERE
        hours <= 168), 0),
      COALESCE(SUM(pull * pull) FILTER(WHERE
        hours <= 720), 0),
      SUM(pull * pull)
    ) AS squares,
    ARRAY(
      COUNT(*) FILTER(WHERE
        hours > 24),
      COUNT(*) FILTER(WHERE
        hours > 168),
      COUNT(*) FILTER(WHERE
        hours > 720),
      0
    ) AS lefts,
    ARRAY(
      COALESCE(MAX(hazard) FILTER(WHERE
        hours <= 24), 0),
      COALESCE(MAX(hazard) FILTER(WHERE
        hours <= 168), 0),
      COALESCE(MAX(hazard) FILTER(WHERE
        hours <= 720), 0),
      MAX(hazard)
    ) AS hazards
  FROM exposed
  GROUP BY
    stratum_id,
    clustering,
    cluster_key
), spreads AS (
  SELECT
    c.stratum_id,
    c.clustering,
    TRY_ELEMENT_AT(
      ARRAY(
        CAST(24.0 AS DOUBLE),
        CAST(168.0 AS DOUBLE),
        CAST(720.0 AS DOUBLE),
        CAST(1e9 AS DOUBLE)
      ),
      h.place
    ) AS to_hours,
    SUM(n) AS n,
    COUNT(*) AS groups,
    SUM(n * n) / NULLIF(SUM(n), 0) AS group_size,
    SUM(TRY_ELEMENT_AT(squares, h.place)) + POWER(MAX(TRY_ELEMENT_AT(hazards, h.place)), 2) * SUM(TRY_ELEMENT_AT(lefts, h.place)) AS independent,
    SUM(POWER(TRY_ELEMENT_AT(pulls, h.place), 2)) - 2 * MAX(TRY_ELEMENT_AT(hazards, h.place)) * SUM(TRY_ELEMENT_AT(pulls, h.place) * TRY_ELEMENT_AT(lefts, h.place)) + POWER(MAX(TRY_ELEMENT_AT(hazards, h.place)), 2) * SUM(POWER(TRY_ELEMENT_AT(lefts, h.place), 2)) AS clustered
  FROM (
    SELECT
      EXPLODE(ARRAY(1, 2, 3, 4)) AS place
  ) AS h
  CROSS JOIN clusters AS c
  GROUP BY
    c.stratum_id,
    c.clustering,
    h.place
  HAVING
    SUM(c.n) >= (
      SELECT
        min_items_count
      FROM metrics__rules AS rules
    )
    AND COUNT(*) < SUM(c.n)
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
)
SELECT
  m.stratum_id,
  k.family_id,
  clustering,
  to_hours,
  freedom,
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
FROM mixed AS m
JOIN (
  SELECT DISTINCT
    stratum_id,
    family_id
  FROM metrics__survival_strata AS survival_strata
) AS k
  ON k.stratum_id = m.stratum_id
