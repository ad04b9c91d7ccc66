-- kept__steps
WITH ended AS (
  SELECT
    stratum_id,
    family_id,
    at_hours AS ended_hours,
    design_effect,
    reach_quantile
  FROM metrics__survival_curves AS survival_curves
  WHERE
    survival_share = 0 AND n_events_here > 0
)
SELECT
  e.*,
  c.at_hours,
  c.n_at_risk,
  LAG(c.survival_share, 1, 1) OVER before AS share_before,
  LAG(c.greenwood, 1, 0) OVER before AS greenwood_before,
  COALESCE(c.n_at_risk < (
    LAG(c.n_at_risk - c.n_events_here) OVER before
  ), FALSE) AS is_after_loss
FROM ended AS e
JOIN metrics__survival_curves AS c
  ON c.stratum_id = e.stratum_id AND c.at_hours <= e.ended_hours
WINDOW before AS (PARTITION BY c.stratum_id ORDER BY c.at_hours NULLS LAST)
-- kept__losses
SELECT
  stratum_id,
  MAX(n_at_risk) AS n,
  BOOL_OR(is_after_loss) AS is_cut_short,
  COALESCE(MAX(at_hours) FILTER(WHERE
    is_after_loss), MIN(at_hours)) AS at_hours
FROM kept__steps AS steps
GROUP BY
  stratum_id
WITH watches AS (
  SELECT
    s.stratum_id,
    MAX(d.watched_hours) AS longest_watch_hours
  FROM kept__losses AS l
  JOIN metrics__survival_strata AS s
    ON s.stratum_id = l.stratum_id
  JOIN metrics__survival_durations AS d
    ON d.subject = s.subject
    AND d.family_id = s.family_id
    AND d.channel_kind = s.channel_kind
    AND d.channel_role = s.member_role
    AND d.segment = s.segment
  WHERE
    l.is_cut_short
    AND NOT d.is_excluded
    AND d.age_days <= s.window_days
    AND (
      d.is_pooled OR NOT s.pools_roles
    )
  GROUP BY
    s.stratum_id
), limits AS (
  SELECT
    s.stratum_id,
    s.family_id,
    s.ended_hours,
    l.is_cut_short,
    w.longest_watch_hours,
    CASE
      WHEN s.share_before < 1
      THEN POWER(
        s.share_before,
        EXP(
          s.reach_quantile * SQRT(s.design_effect * s.greenwood_before) / NULLIF(LN(s.share_before), 0)
        )
      )
      ELSE CAST(1 AS DOUBLE)
    END * (
      1 - POWER(r.tail_share, s.design_effect / NULLIF(s.n_at_risk, 0))
    ) AS most_waiting_share,
    1 - POWER(r.tail_share, s.design_effect / NULLIF(l.n, 0)) AS uncut_share
  FROM metrics__rules AS r
  CROSS JOIN kept__steps AS s
  JOIN kept__losses AS l
    ON l.stratum_id = s.stratum_id AND l.at_hours = s.at_hours
  LEFT JOIN watches AS w
    ON w.stratum_id = s.stratum_id
)
SELECT
  stratum_id,
  family_id,
  ended_hours,
  is_cut_short,
  longest_watch_hours,
  most_waiting_share,
  GREATEST(0, most_waiting_share - uncut_share) AS lost_sight_share
FROM limits
