WITH designs AS (
  SELECT
    d.stratum_id,
    d.to_hours AS hours,
    d.design_effect,
    GREATEST(
      1,
      SQRT(d.design_effect / NULLIF(c.design_effect, 0)) * d.reach_quantile / NULLIF(c.reach_quantile, 0)
    ) AS swell_factor
  FROM metrics__survival_designs AS d
  JOIN metrics__survival_curves AS c
    ON c.stratum_id = d.stratum_id AND c.at_hours = d.to_hours AND c.is_grid
  WHERE
    d.clustering = 'person'
), shares AS (
  SELECT
    s.subject,
    s.family_id,
    s.channel_kind,
    s.channel_role,
    s.segment,
    s.`window`,
    s.hours,
    s.value,
    s.low,
    s.high,
    t.n,
    t.n_events,
    t.n_censored,
    t.n / NULLIF(t.n + t.n_unseen, 0) AS seen,
    LEAST(t.n_effective, t.n / NULLIF(COALESCE(d.design_effect, 1), 0)) AS n_effective,
    COALESCE(d.swell_factor, 1) AS swell_factor
  FROM metrics__survival_shares AS s
  JOIN metrics__survival_totals AS t
    ON s.subject = t.subject
    AND s.family_id = t.family_id
    AND s.channel_kind = t.channel_kind
    AND s.channel_role = t.channel_role
    AND s.segment = t.segment
    AND s.window = t.window
  LEFT JOIN designs AS d
    ON d.stratum_id = t.stratum_id AND d.hours = s.hours
  WHERE
    s.subject = 'response'
    AND s.hours IN (24, 168, 720)
    AND s.segment IN ('newcomer', 'known')
)
SELECT
  subject,
  family_id,
  channel_kind,
  channel_role,
  segment,
  `window`,
  hours,
  value,
  CASE
    WHEN NOT value IS NULL
    THEN GREATEST(0, value - swell_factor * (
      value - low / NULLIF(seen, 0)
    )) * seen
  END AS low,
  CASE
    WHEN NOT value IS NULL
    THEN LEAST(
      1,
      value + swell_factor * (
        (
          high - 1 + seen
        ) / NULLIF(seen, 0) - value
      )
    ) * seen + 1 - seen
  END AS high,
  n,
  n_effective,
  n_events,
  n_censored,
  swell_factor
FROM shares
