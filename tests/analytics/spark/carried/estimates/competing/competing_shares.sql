WITH given AS (
  SELECT
    c.stratum_id,
    c.cause,
    c.at_hours AS hours,
    c.incidence_share AS value,
    CASE WHEN c.incidence_share = 0 THEN 0 ELSE c.incidence_low END AS low,
    CASE
      WHEN c.incidence_share = 0 AND c.n_at_risk = 0
      THEN CAST(1 AS DOUBLE)
      WHEN c.incidence_share = 0
      THEN 1 - POWER(r.tail_share, c.design_effect / NULLIF(c.n_at_risk, 0))
      ELSE c.incidence_high
    END AS high,
    MAX(c.n_events_so_far) OVER (PARTITION BY c.stratum_id, c.cause) AS n_events,
    c.is_grid,
    c.n_at_risk,
    MAX(c.design_effect) OVER (PARTITION BY c.stratum_id, c.cause) AS design_effect
  FROM metrics__rules AS r
  CROSS JOIN metrics__competing_curves AS c
)
SELECT
  t.subject,
  t.family_id,
  t.channel_kind,
  t.channel_role,
  t.segment,
  t.`window`,
  g.cause,
  g.hours,
  CASE WHEN NOT s.value IS NULL THEN g.value END AS value,
  CASE WHEN NOT s.value IS NULL THEN g.low * t.n / NULLIF(t.n + t.n_unseen, 0) END AS low,
  CASE
    WHEN NOT s.value IS NULL
    THEN (
      g.high * t.n + t.n_unseen
    ) / NULLIF(t.n + t.n_unseen, 0)
  END AS high,
  t.n,
  t.n / NULLIF(g.design_effect, 0) AS n_effective,
  g.n_events,
  t.n_censored
FROM given AS g
JOIN metrics__survival_totals AS t
  ON t.stratum_id = g.stratum_id
JOIN metrics__survival_shares AS s
  ON s.subject = t.subject
  AND s.family_id = t.family_id
  AND s.channel_kind = t.channel_kind
  AND s.channel_role = t.channel_role
  AND s.segment = t.segment
  AND s.`window` = t.`window`
  AND s.hours = g.hours
WHERE
  g.is_grid
UNION ALL
SELECT
  s.subject,
  s.family_id,
  s.channel_kind,
  s.channel_role,
  s.segment,
  s.`window`,
  'waiting',
  s.hours,
  1 - s.value,
  1 - s.high,
  1 - s.low,
  t.n,
  t.n_effective,
  t.n_events,
  t.n_censored
FROM metrics__survival_shares AS s
JOIN metrics__survival_totals AS t
  ON s.subject = t.subject
  AND s.family_id = t.family_id
  AND s.channel_kind = t.channel_kind
  AND s.channel_role = t.channel_role
  AND s.segment = t.segment
  AND s.window = t.window
WHERE
  s.subject IN (
    SELECT
      subject
    FROM metrics__competing_causes AS competing_causes
  )
