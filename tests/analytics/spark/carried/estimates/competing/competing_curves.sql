-- kept__hours
SELECT
  c.stratum_id,
  s.subject,
  s.family_id,
  c.at_hours,
  c.is_grid,
  CAST(c.n_at_risk AS DOUBLE) AS n,
  LAG(c.survival_share, 1, 1) OVER before AS share_before,
  LAG(c.greenwood, 1, 0) OVER before AS greenwood_before
FROM metrics__survival_curves AS c
JOIN (
  SELECT DISTINCT
    stratum_id,
    subject,
    family_id
  FROM metrics__survival_strata AS survival_strata
) AS s
  ON s.stratum_id = c.stratum_id
  AND s.subject IN (
    SELECT
      subject
    FROM metrics__competing_causes AS competing_causes
  )
WINDOW before AS (PARTITION BY c.stratum_id ORDER BY c.at_hours NULLS LAST)
WITH ends AS (
  SELECT
    stratum_id,
    cause,
    duration_hours AS at_hours,
    CAST(COUNT(*) AS DOUBLE) AS d
  FROM metrics__survival_members AS survival_members
  WHERE
    NOT cause IS NULL AND NOT is_unseen
  GROUP BY
    stratum_id,
    cause,
    duration_hours
  UNION ALL
  SELECT
    h.stratum_id,
    k.cause,
    h.at_hours,
    0
  FROM kept__hours AS h
  JOIN metrics__competing_causes AS k
    ON k.subject = h.subject
  WHERE
    h.is_grid
), steps AS (
  SELECT
    h.*,
    e.cause,
    e.d,
    CASE WHEN e.d > 0 THEN h.share_before / NULLIF(h.n, 0) ELSE CAST(0 AS DOUBLE) END AS rise,
    h.greenwood_before - LAG(h.greenwood_before, 1, 0) OVER (PARTITION BY e.stratum_id, e.cause ORDER BY e.at_hours NULLS LAST) AS grown
  FROM (
    SELECT
      stratum_id,
      cause,
      at_hours,
      SUM(d) AS d
    FROM ends
    GROUP BY
      stratum_id,
      cause,
      at_hours
  ) AS e
  JOIN kept__hours AS h
    ON h.stratum_id = e.stratum_id AND h.at_hours = e.at_hours
), risen AS (
  SELECT
    *,
    SUM(rise * d) OVER upto AS share,
    SUM(d) OVER upto AS n_events_so_far,
    LEAD(CASE WHEN d > 0 THEN at_hours END) IGNORE NULLS OVER (PARTITION BY stratum_id, cause ORDER BY at_hours NULLS LAST) AS next_event_hours
  FROM steps
  WINDOW upto AS (
    PARTITION BY stratum_id, cause
    ORDER BY at_hours NULLS LAST
    rows BETWEEN UNBOUNDED preceding AND CURRENT ROW
  )
), spread AS (
  SELECT
    *,
    POWER(share, 2) * greenwood_before - 2 * share * (
      SUM((
        share - rise * d
      ) * grown + rise * d / NULLIF(GREATEST(n, 1), 0)) OVER upto
    ) + (
      SUM(
        POWER(share - rise * d, 2) * grown + rise * d * (
          rise * (
            n - d
          ) + 2 * share
        ) / NULLIF(GREATEST(n, 1), 0)
      ) OVER upto
    ) AS variance
  FROM risen
  WINDOW upto AS (
    PARTITION BY stratum_id, cause
    ORDER BY at_hours NULLS LAST
    rows BETWEEN UNBOUNDED preceding AND CURRENT ROW
  )
), errors AS (
  SELECT
    s.*,
    CASE
      WHEN s.share > 1 - CAST(1e-12 AS DOUBLE)
      THEN CAST(1.0 AS DOUBLE)
      ELSE s.share
    END AS reached,
    COALESCE(d.design_effect, 1) AS design,
    CASE
      WHEN s.share > 1 - CAST(1e-12 AS DOUBLE)
      THEN CAST(0 AS DOUBLE)
      ELSE SQRT(GREATEST(s.variance, 0)) * COALESCE(SQRT(d.design_effect), 1)
    END AS error,
    COALESCE(d.reach_quantile, r.normal_quantile) AS reach
  FROM metrics__rules AS r
  CROSS JOIN spread AS s
  LEFT JOIN metrics__competing_designs AS d
    ON d.stratum_id = s.stratum_id AND d.cause = s.cause
), bands AS (
  SELECT
    *,
    CASE
      WHEN reached > 0 AND reached < 1
      THEN POWER(reached, EXP(-reach * error / NULLIF(reached * LN(reached), 0)))
    END AS low,
    CASE
      WHEN reached > 0 AND reached < 1
      THEN POWER(reached, EXP(reach * error / NULLIF(reached * LN(reached), 0)))
    END AS high
  FROM errors
)
SELECT
  b.stratum_id,
  b.family_id,
  b.cause,
  b.at_hours,
  b.next_event_hours,
  CAST(b.n AS BIGINT) AS n_at_risk,
  CAST(b.d AS BIGINT) AS n_events_here,
  CAST(b.n_events_so_far AS BIGINT) AS n_events_so_far,
  b.is_grid,
  b.reached AS incidence_share,
  b.error AS incidence_error,
  b.design AS design_effect,
  CASE
    WHEN b.reached = 1
    THEN 1 - e.most_waiting_share
    WHEN e.lost_sight_share > 0
    THEN GREATEST(0, b.reached - SQRT(POWER(b.reached - b.low, 2) + POWER(e.lost_sight_share, 2)))
    ELSE b.low
  END AS incidence_low,
  CASE
    WHEN b.reached = 1
    THEN CAST(1 AS DOUBLE)
    WHEN e.lost_sight_share > 0
    THEN LEAST(1, b.reached + SQRT(POWER(b.high - b.reached, 2) + POWER(e.lost_sight_share, 2)))
    ELSE b.high
  END AS incidence_high
FROM bands AS b
LEFT JOIN metrics__survival_ends AS e
  ON e.stratum_id = b.stratum_id AND e.ended_hours <= b.at_hours
