WITH seen AS (
  SELECT
    t.subject,
    t.family_id,
    t.channel_kind,
    t.channel_role,
    t.segment,
    t.`window`,
    c.at_hours AS hours,
    CASE WHEN c.n_at_risk > 0 OR c.survival_share = 0 THEN 1 - c.survival_share END AS value,
    CASE
      WHEN c.survival_share = 0
      THEN POWER(r.tail_share, c.design_effect / NULLIF(c.n_events_so_far, 0))
      WHEN c.n_at_risk = 0
      THEN NULL
      WHEN c.survival_share = 1
      THEN CAST(0 AS DOUBLE)
      ELSE 1 - c.survival_high
    END AS low,
    CASE
      WHEN c.survival_share = 0
      THEN CAST(1 AS DOUBLE)
      WHEN c.n_at_risk = 0
      THEN NULL
      WHEN c.survival_share = 1
      THEN 1 - POWER(r.tail_share, c.design_effect / NULLIF(c.n_at_risk, 0))
      ELSE 1 - c.survival_low
    END AS high,
    c.n_at_risk,
    c.n_events_so_far,
    t.n,
    t.n_unseen,
    t.is_hidden,
    t.n / NULLIF(t.n + t.n_unseen, 0) AS seen_share
  FROM metrics__rules AS r
  CROSS JOIN metrics__survival_curves AS c
  JOIN metrics__survival_totals AS t
    ON t.stratum_id = c.stratum_id
  WHERE
    c.is_grid
)
SELECT
  subject,
  family_id,
  channel_kind,
  channel_role,
  segment,
  `window`,
  hours,
  CASE WHEN NOT is_hidden THEN value END AS value,
  CASE WHEN NOT is_hidden THEN low * seen_share END AS low,
  CASE WHEN NOT is_hidden THEN high * seen_share + 1 - seen_share END AS high,
  n_at_risk,
  n_events_so_far,
  CASE
    WHEN is_hidden AND NOT value IS NULL
    THEN n_unseen || ' of ' || (
      n + n_unseen
    ) || CASE n_unseen WHEN 1 THEN ' was' ELSE ' were' END || ' not seen: the share lies between ' || CAST(ROUND(100 * value * seen_share, 1) AS STRING) || ' and ' || CAST(ROUND(100 * (
      value * seen_share + 1 - seen_share
    ), 1) AS STRING) || ' %.'
  END AS bounds_note
FROM seen
