-- kept__scales
WITH curves AS (
  SELECT
    *
  FROM metrics__survival_curves AS survival_curves
  WHERE
    stratum_id IN (
      SELECT
        stratum_id
      FROM metrics__survival_totals AS survival_totals
      WHERE
        subject = 'response'
        AND (
          segment IN ('anyone', 'staff', 'maintainer', 'outsider', 'agent')
          OR segment LIKE '%:%'
        )
    )
), pieces AS (
  SELECT
    *,
    survival_share * (
      LEAST(COALESCE(next_event_hours, 168), 168) - at_hours
    ) AS area
  FROM curves
  WHERE
    at_hours < 168 AND (
      n_events_here > 0 OR at_hours = 0
    )
), tails AS (
  SELECT
    *,
    SUM(area) OVER (
      PARTITION BY stratum_id
      ORDER BY at_hours DESC
      rows BETWEEN UNBOUNDED preceding AND CURRENT ROW
    ) AS area_after
  FROM pieces
), means AS (
  SELECT
    stratum_id,
    SUM(area) / 168 AS part,
    SQRT(
      SUM(
        CASE
          WHEN n_events_here < n_at_risk
          THEN POWER(area_after, 2) * n_events_here / NULLIF(n_at_risk * (
            n_at_risk - n_events_here
          ), 0)
          ELSE CAST(0 AS DOUBLE)
        END
      )
    ) / 168 AS error
  FROM tails
  GROUP BY
    stratum_id
), totals AS (
  SELECT
    stratum_id,
    MAX(n_at_risk) AS n,
    MAX(n_events_so_far) AS n_events,
    MAX(design_effect) FILTER(WHERE
      at_hours = 168) AS design_effect,
    MAX(reach_quantile) FILTER(WHERE
      at_hours = 168) AS reach_quantile,
    GREATEST(2, LEAST(MAX(n_at_risk) - 1, MAX(freedom) FILTER(WHERE
      at_hours = 168))) AS freedom,
    COALESCE(MAX(n_at_risk) FILTER(WHERE
      at_hours = 168), 0) > 0 AS is_followed
  FROM curves
  GROUP BY
    stratum_id
)
SELECT
  t.*,
  CASE
    WHEN NOT u.is_hidden
    AND (
      t.is_followed
      OR e.ended_hours <= 168
      AND (
        NOT e.is_cut_short OR e.longest_watch_hours >= 168
      )
    )
    THEN m.part
  END AS part,
  u.n / NULLIF(u.n + u.n_unseen, 0) AS seen_share,
  u.subject,
  u.family_id,
  u.channel_kind,
  u.channel_role,
  u.segment,
  u.`window`,
  COALESCE(e.lost_sight_share * GREATEST(0, 1 - e.ended_hours / 168), 0) AS lost_part,
  m.error * SQRT(t.design_effect * t.n / NULLIF(GREATEST(CAST(1.0 AS DOUBLE), t.n - 1), 0)) * (
    r.normal_quantile + (
      r.student_first + (
        r.student_second + (
          r.student_third + r.student_fourth / NULLIF(t.freedom, 0)
        ) / NULLIF(t.freedom, 0)
      ) / NULLIF(t.freedom, 0)
    ) / NULLIF(t.freedom, 0)
  ) / NULLIF(m.part * (
    1 - m.part
  ), 0) AS half,
  t.reach_quantile * SQRT(t.design_effect * t.n_events) AS places,
  r.tail_share
FROM metrics__rules AS r
CROSS JOIN totals AS t
JOIN means AS m
  ON t.stratum_id = m.stratum_id
JOIN metrics__survival_totals AS u
  ON t.stratum_id = u.stratum_id
LEFT JOIN metrics__survival_ends AS e
  ON t.stratum_id = e.stratum_id
WITH curves AS (
  SELECT
    *
  FROM metrics__survival_curves AS survival_curves
  WHERE
    stratum_id IN (
      SELECT
        stratum_id
      FROM metrics__survival_totals AS survival_totals
      WHERE
        subject = 'response'
        AND (
          segment IN ('anyone', 'staff', 'maintainer', 'outsider', 'agent')
          OR segment LIKE '%:%'
        )
    )
), ranked AS (
  SELECT
    t.stratum_id,
    MIN(c.at_hours) FILTER(WHERE
      c.n_events_so_far >= CEIL(t.n_events / NULLIF(CAST(2.0 AS DOUBLE), 0))) AS lower_middle,
    MIN(c.at_hours) FILTER(WHERE
      c.n_events_so_far >= FLOOR(t.n_events / NULLIF(CAST(2.0 AS DOUBLE), 0)) + 1) AS upper_middle,
    MIN(c.at_hours) FILTER(WHERE
      c.n_events_so_far >= FLOOR((
        t.n_events - t.places
      ) / 2)) AS low,
    MIN(c.at_hours) FILTER(WHERE
      c.n_events_so_far >= LEAST(t.n_events, 1 + CEIL((
        t.n_events + t.places
      ) / 2))) AS high
  FROM curves AS c
  JOIN kept__scales AS t
    ON t.stratum_id = c.stratum_id
  WHERE
    c.n_events_here > 0
  GROUP BY
    t.stratum_id
), ends AS (
  SELECT
    *,
    CASE
      WHEN part >= 1 - CAST(1e-12 AS DOUBLE)
      THEN POWER(tail_share, design_effect / NULLIF(n, 0))
      WHEN part > 0
      THEN 1 / NULLIF(1 + (
        1 - part
      ) / NULLIF(part, 0) * EXP(half), 0)
      WHEN part = 0
      THEN CAST(0 AS DOUBLE)
    END AS part_low,
    CASE
      WHEN part >= 1 - CAST(1e-12 AS DOUBLE)
      THEN CAST(1 AS DOUBLE)
      WHEN part > 0
      THEN LEAST(
        1,
        part + SQRT(
          POWER(1 / NULLIF(1 + (
            1 - part
          ) / NULLIF(part, 0) * EXP(-half), 0) - part, 2) + POWER(lost_part, 2)
        )
      )
      WHEN part = 0
      THEN CAST(0 AS DOUBLE)
    END AS part_high
  FROM kept__scales AS scales
)
SELECT
  subject,
  family_id,
  channel_kind,
  channel_role,
  segment,
  `window`,
  'rmst_7d' AS statistic,
  168 * part AS value,
  168 * seen_share * part_low AS low,
  168 * (
    1 - seen_share + seen_share * part_high
  ) AS high,
  168 * part_low AS seen_low,
  168 * part_high AS seen_high,
  n,
  n_events,
  n - n_events AS n_censored
FROM ends
UNION ALL
SELECT
  subject,
  family_id,
  channel_kind,
  channel_role,
  segment,
  `window`,
  'answered_only_median',
  (
    k.lower_middle + k.upper_middle
  ) / 2,
  k.low,
  k.high,
  k.low,
  k.high,
  t.n,
  t.n_events,
  t.n - t.n_events
FROM kept__scales AS t
LEFT JOIN ranked AS k
  ON t.stratum_id = k.stratum_id
