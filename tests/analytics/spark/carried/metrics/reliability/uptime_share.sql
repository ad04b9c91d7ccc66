-- kept__lost_1
SELECT
  family_id,
  segment,
  `window`,
  level,
  SUM(observed_hours) AS observed_hours,
  SUM(certain_hours) AS certain_hours,
  SUM(possible_hours) AS possible_hours,
  SUM(incidents_count) AS n,
  SUM(unsure_count) AS unsure_count,
  SUM(ungraded_count) AS ungraded_count
FROM metrics__downtime AS downtime
GROUP BY
  family_id,
  segment,
  `window`,
  level
-- kept__figures
WITH untimed_1 AS (
  SELECT
    i.family_id,
    g.segment,
    s.`window`,
    COUNT(*) AS untimed_count
  FROM VALUES
    ('all'),
    ('api') AS g(segment)
  CROSS JOIN metrics__scopes AS s
  JOIN metrics__incident_windows AS i
    ON (
      g.segment = 'all' OR i.is_api OR i.is_unattributed
    )
    AND (
      s.pools_roles AND i.age_days <= s.window_days
    )
  WHERE
    i.is_disturbance AND NOT i.is_start_known
  GROUP BY
    i.family_id,
    g.segment,
    s.`window`
), bounds_1 AS (
  SELECT
    d.*,
    t.statistic,
    u.untimed_count,
    r.widest_uptime_range,
    d.unsure_count + CASE WHEN t.weighs_less THEN d.ungraded_count ELSE 0 END AS uncertain_count,
    CASE
      WHEN t.weighs_less
      THEN r.degraded_weight * d.certain_hours + (
        r.outage_weight - r.degraded_weight
      ) * o.certain_hours
      ELSE d.certain_hours
    END / NULLIF(d.observed_hours, 0) AS least_lost,
    CASE
      WHEN t.weighs_less
      THEN r.degraded_weight * d.possible_hours + (
        r.outage_weight - r.degraded_weight
      ) * o.possible_hours
      ELSE d.possible_hours
    END / NULLIF(d.observed_hours, 0) AS most_lost,
    r.widest_told_range,
    d.observed_hours < 24 * r.min_observed_days AS is_brief
  FROM metrics__rules AS r
  CROSS JOIN kept__lost_1 AS d
  JOIN metrics__uptime_weights AS t
    ON t.level = d.level
  JOIN kept__lost_1 AS o
    ON o.family_id = d.family_id
    AND o.segment = d.segment
    AND o.`window` = d.`window`
    AND o.level = 'outage'
  LEFT JOIN untimed_1 AS u
    ON u.family_id = d.family_id AND u.segment = d.segment AND u.`window` = d.`window`
)
SELECT
  family_id,
  'status' AS channel_kind,
  'all' AS channel_role,
  segment,
  statistic,
  `window`,
  CASE
    WHEN most_lost - least_lost <= widest_uptime_range
    THEN 1 - (
      least_lost + most_lost
    ) / 2
  END AS value,
  1 - most_lost AS low,
  1 - least_lost AS high,
  n,
  n AS n_events,
  uncertain_count AS n_censored,
  CASE
    WHEN is_brief OR most_lost - least_lost > widest_told_range
    THEN 'not enough data'
    ELSE 'measured'
  END AS own_state,
  CONCAT_WS(
    ' ',
    'Observed for ' || CAST(ROUND(observed_hours / 24, 1) AS STRING) || ' days.',
    CASE
      WHEN NOT is_brief AND most_lost - least_lost > widest_told_range
      THEN 'Its page does not show it: anything from ' || PRINTF('%.2f', 100 * (
        1 - most_lost
      )) || ' to ' || PRINTF('%.2f', 100 * (
        1 - least_lost
      )) || ' % is possible.'
    END,
    CASE
      WHEN uncertain_count > 0
      THEN CAST(uncertain_count AS STRING) || ' incidents without a stated end' || CASE WHEN segment = 'api' THEN ', severity or component' ELSE ' or severity' END || ' cause the range.'
    END,
    'Left out: ' || CAST(untimed_count AS STRING) || ' posted when over, of unknown length.'
  ) AS own_note
FROM bounds_1 AS bounds
WITH asked AS (
  SELECT
    c.family_id,
    c.channel_kind,
    c.channel_role,
    s.segment,
    t.statistic,
    w.`window`
  FROM VALUES
    ('all'),
    ('api') AS s(segment)
  CROSS JOIN VALUES
    ('weighted'),
    ('any_severity'),
    ('partial_or_worse'),
    ('statuspage_formula'),
    ('suspension'),
    ('any_or_suspension') AS t(statistic)
  CROSS JOIN VALUES
    ('30d'),
    ('90d'),
    ('365d'),
    ('all') AS w(`window`)
  CROSS JOIN metrics__channel_coverage AS c
  WHERE
    c.subject = 'incidents' AND c.channel_role = 'all'
  UNION
  SELECT
    family_id,
    channel_kind,
    channel_role,
    segment,
    statistic,
    `window`
  FROM kept__figures AS figures
), judged AS (
  SELECT
    c.side,
    c.coverage_share,
    c.as_of_at,
    c.coverage_note,
    a.*,
    f.value,
    f.low,
    f.high,
    f.own_note,
    CAST(NULL AS STRING) AS own_shortfall,
    CAST(COALESCE(f.n, 0) AS BIGINT) AS n,
    CAST(COALESCE(f.n_events, 0) AS BIGINT) AS n_events,
    f.n AS n_effective,
    r.min_items_count,
    r.min_effective_count,
    CAST(COALESCE(f.n_censored, 0) AS BIGINT) AS n_censored,
    CASE
      WHEN c.coverage_state <> 'measured'
      THEN c.coverage_state
      WHEN NOT f.own_state IS NULL
      THEN f.own_state
      WHEN f.value IS NULL
      THEN 'not enough data'
      ELSE 'measured'
    END AS verdict
  FROM metrics__rules AS r
  CROSS JOIN asked AS a
  JOIN metrics__channel_coverage AS c
    ON c.subject = 'incidents'
    AND c.family_id = a.family_id
    AND c.channel_kind = a.channel_kind
    AND c.channel_role = a.channel_role
  LEFT JOIN kept__figures AS f
    ON f.family_id = a.family_id
    AND f.channel_kind = a.channel_kind
    AND f.channel_role = a.channel_role
    AND f.segment = a.segment
    AND f.statistic = a.statistic
    AND f.`window` = a.`window`
)
SELECT
  family_id,
  side,
  channel_kind,
  channel_role,
  segment,
  statistic,
  `window`,
  CASE WHEN verdict = 'measured' THEN ROUND(CAST(value AS DOUBLE), 10) END AS value,
  CASE WHEN verdict = 'measured' THEN ROUND(CAST(low AS DOUBLE), 10) END AS low,
  CASE WHEN verdict = 'measured' THEN ROUND(CAST(high AS DOUBLE), 10) END AS high,
  'share' AS unit,
  n,
  n_events,
  n_censored,
  coverage_share,
  as_of_at,
  5 AS method_version,
  verdict AS state,
  NULLIF(
    CONCAT_WS(
      ' ',
      CASE
        WHEN verdict <> 'not enough data'
        THEN NULL
        WHEN NOT own_shortfall IS NULL
        THEN own_shortfall
        WHEN n >= min_items_count AND n_effective < min_effective_count
        THEN 'Only ' || CAST(n AS STRING) || ' incidents, worth ' || CAST(CAST(FLOOR(n_effective) AS BIGINT) AS STRING) || ' that do not depend on each other.'
        ELSE 'Not known yet.'
      END,
      NULLIF(own_note, ''),
      coverage_note
    ),
    ''
  ) AS note
FROM judged
