WITH known AS (
  SELECT
    c.*,
    e.most_waiting_share,
    c.n_at_risk > 0
    OR COALESCE(NOT e.is_cut_short OR e.longest_watch_hours >= c.at_hours, FALSE) AS is_known
  FROM metrics__survival_curves AS c
  LEFT JOIN metrics__survival_ends AS e
    ON e.stratum_id = c.stratum_id AND e.ended_hours <= c.at_hours
  WHERE
    c.is_grid
), seen AS (
  SELECT
    t.subject,
    t.family_id,
    t.channel_kind,
    t.channel_role,
    t.segment,
    t.`window`,
    c.at_hours AS hours,
    CASE WHEN c.is_known THEN 1 - c.survival_share END AS value,
    CASE
      WHEN NOT c.is_known
      THEN NULL
      WHEN c.survival_share = 0
      THEN 1 - c.most_waiting_share
      WHEN c.survival_share = 1
      THEN 0
      ELSE 1 - c.survival_high
    END AS low,
    CASE
      WHEN NOT c.is_known
      THEN NULL
      WHEN c.survival_share = 0
      THEN CAST(1 AS DOUBLE)
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
  CROSS JOIN known AS c
  JOIN metrics__survival_totals AS t
    ON t.stratum_id = c.stratum_id
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
