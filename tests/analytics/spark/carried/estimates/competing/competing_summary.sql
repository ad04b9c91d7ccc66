WITH tests AS (
  SELECT
    c.stratum_id,
    c.cause,
    c.at_hours,
    c.next_event_hours,
    c.n_events_so_far,
    c.incidence_share,
    c.design_effect,
    w.statistic,
    w.level,
    CASE
      WHEN c.incidence_share = 1
      THEN CAST('infinity' AS DOUBLE)
      ELSE (
        LN(-LN(c.incidence_share)) - LN(-LN(w.level))
      ) * c.incidence_share * LN(c.incidence_share) / NULLIF(c.incidence_error, 0) / NULLIF(c.reach_quantile, 0)
    END AS excess
  FROM VALUES
    ('p25', CAST(0.25 AS DOUBLE)),
    ('median', CAST(0.5 AS DOUBLE)) AS w(statistic, level)
  CROSS JOIN metrics__competing_curves AS c
  WHERE
    c.n_events_here > 0
), quantiles AS (
  SELECT
    stratum_id,
    cause,
    statistic,
    MIN(at_hours) FILTER(WHERE
      incidence_share >= level - CAST(1e-12 AS DOUBLE)) AS value,
    MIN(at_hours) FILTER(WHERE
      excess >= -1) AS low,
    CASE
      WHEN NOT BOOL_OR(excess <= 1 AND next_event_hours IS NULL)
      THEN COALESCE(MAX(next_event_hours) FILTER(WHERE
        excess <= 1), MIN(at_hours))
    END AS high,
    MAX(n_events_so_far) AS n_events,
    MAX(design_effect) AS design_effect
  FROM tests
  GROUP BY
    stratum_id,
    cause,
    statistic
)
SELECT
  t.subject,
  t.family_id,
  t.channel_kind,
  t.channel_role,
  t.segment,
  t.`window`,
  k.cause,
  w.statistic,
  q.value,
  q.low,
  q.high,
  t.n,
  COALESCE(t.n / NULLIF(q.design_effect, 0), t.n_effective) AS n_effective,
  COALESCE(q.n_events, 0) AS n_events,
  t.n_censored
FROM VALUES
  ('p25'),
  ('median') AS w(statistic)
CROSS JOIN metrics__survival_totals AS t
JOIN metrics__competing_causes AS k
  ON k.subject = t.subject
LEFT JOIN quantiles AS q
  ON q.stratum_id = t.stratum_id AND q.cause = k.cause AND q.statistic = w.statistic
