WITH unseen AS (
  SELECT
    stratum_id,
    COUNT(*) AS n_unseen
  FROM metrics__survival_members AS survival_members
  WHERE
    is_unseen
  GROUP BY
    stratum_id
), counted AS (
  SELECT
    stratum_id,
    MAX(n_at_risk) AS n,
    MAX(n_events_so_far) AS n_events,
    MAX(n_at_risk) / NULLIF(MAX(design_effect), 0) AS n_effective
  FROM metrics__survival_curves AS survival_curves
  GROUP BY
    stratum_id
), names AS (
  SELECT DISTINCT
    stratum_id,
    subject,
    family_id,
    channel_kind,
    channel_role,
    segment,
    `window`
  FROM metrics__survival_strata AS survival_strata
)
SELECT
  k.stratum_id,
  k.subject,
  k.family_id,
  k.channel_kind,
  k.channel_role,
  k.segment,
  k.`window`,
  c.n,
  c.n_events,
  c.n - c.n_events AS n_censored,
  c.n_effective,
  COALESCE(u.n_unseen, 0) AS n_unseen,
  COALESCE(u.n_unseen, 0) > r.most_unseen_share * (
    c.n + COALESCE(u.n_unseen, 0)
  ) AS is_hidden
FROM metrics__rules AS r
CROSS JOIN counted AS c
JOIN names AS k
  ON k.stratum_id = c.stratum_id
LEFT JOIN unseen AS u
  ON u.stratum_id = c.stratum_id
