-- kept__held
SELECT
  m.stratum_id,
  m.cluster_key,
  m.cause,
  CAST(COUNT(*) AS DOUBLE) AS n_events
FROM metrics__survival_members AS m
JOIN (
  SELECT DISTINCT
    stratum_id,
    subject,
    `window`
  FROM metrics__survival_strata AS survival_strata
) AS s
  ON s.stratum_id = m.stratum_id
WHERE
  NOT m.cluster_key IS NULL
  AND NOT m.is_unseen
  AND (
    m.is_month_old OR s.`window` = '30d'
  )
  AND s.subject IN (
    SELECT
      subject
    FROM metrics__competing_causes AS competing_causes
  )
GROUP BY
  m.stratum_id,
  m.cluster_key,
  m.cause
-- kept__clusters
SELECT
  stratum_id,
  cluster_key,
  SUM(n_events) AS n
FROM kept__held AS held
GROUP BY
  stratum_id,
  cluster_key
WITH sizes AS (
  SELECT
    stratum_id,
    SUM(n) AS n,
    COUNT(*) AS groups,
    SUM(n * n) AS size_squares
  FROM kept__clusters AS clusters
  GROUP BY
    stratum_id
  HAVING
    SUM(clusters.n) >= (
      SELECT
        min_items_count
      FROM metrics__rules AS rules
    )
    AND COUNT(*) < SUM(clusters.n)
), ends AS (
  SELECT
    h.stratum_id,
    c.n,
    h.cause,
    h.n_events
  FROM kept__held AS h
  JOIN kept__clusters AS c
    ON c.stratum_id = h.stratum_id AND c.cluster_key = h.cluster_key
  WHERE
    NOT h.cause IS NULL
), spreads AS (
  SELECT
    e.stratum_id,
    e.cause,
    s.groups,
    s.n / NULLIF(s.size_squares / NULLIF(s.n, 0), 0) - 1 AS own_freedom,
    1 + (
      s.size_squares / NULLIF(s.n, 0) - 1
    ) * r.assumed_likeness AS assumed_design,
    SUM(e.n_events) * (
      s.n - SUM(e.n_events)
    ) / NULLIF(s.n, 0) AS independent,
    SUM(e.n_events * e.n_events) - 2 * SUM(e.n_events) / NULLIF(s.n, 0) * SUM(e.n * e.n_events) + POWER(SUM(e.n_events) / NULLIF(s.n, 0), 2) * s.size_squares AS clustered
  FROM metrics__rules AS r
  CROSS JOIN ends AS e
  JOIN sizes AS s
    ON s.stratum_id = e.stratum_id
  GROUP BY
    e.stratum_id,
    e.cause,
    s.groups,
    s.n,
    s.size_squares,
    r.assumed_likeness
), mixed AS (
  SELECT
    *,
    own_freedom + r.assumed_clusters AS freedom,
    CASE
      WHEN groups > 1 AND independent > 0
      THEN clustered * groups / NULLIF(groups - CAST(1.0 AS DOUBLE), 0) / NULLIF(independent, 0)
      ELSE assumed_design
    END AS seen_design
  FROM metrics__rules AS r
  CROSS JOIN spreads
)
SELECT
  m.stratum_id,
  k.family_id,
  cause,
  GREATEST(
    1,
    (
      own_freedom * seen_design + assumed_clusters * assumed_design
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
