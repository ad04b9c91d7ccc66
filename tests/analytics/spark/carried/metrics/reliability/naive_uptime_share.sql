-- kept__figures
WITH pages_1 AS (
  SELECT
    channel_id,
    family_id,
    segment,
    `window`,
    observed_hours
  FROM metrics__downtime AS downtime
  WHERE
    level = 'any'
), added_1 AS (
  SELECT
    p.family_id,
    p.segment,
    p.`window`,
    p.channel_id,
    MAX(p.observed_hours) AS observed_hours,
    COUNT(i.incident_id) AS n,
    COUNT(i.incident_id) FILTER(WHERE
      i.ended_at IS NULL) AS invented_count,
    COALESCE(
      SUM(
        CASE
          WHEN NOT i.ended_at IS NULL
          THEN i.incident_hours
          WHEN i.incident_id IS NULL OR i.is_retro
          THEN CAST(0 AS DOUBLE)
          ELSE 24 * LEAST(i.age_days, p.observed_hours / 24)
        END
      ),
      0
    ) AS added_hours
  FROM pages_1 AS p
  LEFT JOIN metrics__incident_windows AS i
    ON i.channel_id = p.channel_id
    AND (
      p.segment = 'all' OR i.is_api OR i.is_unattributed
    )
    AND i.kind <> 'maintenance'
    AND i.age_days * 24 BETWEEN 0 AND p.observed_hours
  GROUP BY
    p.family_id,
    p.segment,
    p.`window`,
    p.channel_id
), theirs_1 AS (
  SELECT
    family_id,
    segment,
    `window`,
    GREATEST(0, 1 - SUM(added_hours) / NULLIF(SUM(observed_hours), 0)) AS value,
    SUM(n) AS n,
    SUM(invented_count) AS invented_count
  FROM added_1 AS added
  GROUP BY
    family_id,
    segment,
    `window`
  HAVING
    SUM(observed_hours) >= 24 * (
      SELECT
        MAX(min_observed_days)
      FROM metrics__rules AS rules
    )
)
SELECT
  family_id,
  'status' AS channel_kind,
  'all' AS channel_role,
  segment,
  'theirs' AS statistic,
  `window`,
  value,
  value AS low,
  value AS high,
  n,
  n AS n_events,
  invented_count AS n_censored,
  CAST(NULL AS STRING) AS own_state,
  CASE
    WHEN invented_count > 0
    THEN 'Invents the duration of ' || CAST(invented_count AS STRING) || ' incidents.'
  END AS own_note
FROM theirs_1 AS theirs
UNION ALL
SELECT
  family_id,
  channel_kind,
  channel_role,
  segment,
  'ours',
  `window`,
  value,
  low,
  high,
  n,
  n_events,
  n_censored,
  CASE WHEN value IS NULL THEN state END,
  CASE WHEN value IS NULL AND low < high THEN 'A range.' END
FROM metrics__uptime_share AS uptime_share
WHERE
  statistic = 'weighted'
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
    ('theirs'),
    ('ours') AS t(statistic)
  CROSS JOIN VALUES
    ('30d'),
    ('90d'),
    ('365d'),
    ('all') AS w(`window`)
  CROSS JOIN metrics__channel_coverage AS c
  WHERE
    c.subject = 'incidents'
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
