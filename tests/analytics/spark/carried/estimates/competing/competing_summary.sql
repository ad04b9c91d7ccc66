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
    c.incidence_high >= w.level AS may_be_reached,
    c.incidence_low <= w.level AS may_be_short
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
      may_be_reached) AS low,
    CASE
      WHEN NOT BOOL_OR(may_be_short AND next_event_hours IS NULL)
      THEN COALESCE(MAX(next_event_hours) FILTER(WHERE
        may_be_short), MIN(at_hours))
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
