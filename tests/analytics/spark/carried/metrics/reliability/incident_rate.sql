-- kept__figures
WITH rates_1 AS (
  SELECT
    n.*,
    CASE WHEN n.segment = 'api' THEN u.incidents_count ELSE 0 END AS unattributed_count,
    n.incidents_count + CASE WHEN n.segment = 'api' THEN u.incidents_count ELSE 0 END AS most_count
  FROM metrics__incident_counts AS n
  JOIN metrics__incident_counts AS u
    ON u.family_id = n.family_id
    AND u.`window` = n.`window`
    AND u.segment = 'unattributed'
)
SELECT
  n.family_id,
  'status' AS channel_kind,
  'all' AS channel_role,
  n.segment,
  'per_30d' AS statistic,
  n.`window`,
  CASE
    WHEN n.unattributed_count <= r.most_unseen_share * n.most_count
    THEN n.incidents_count / NULLIF(n.observed_days, 0) * 30
  END AS value,
  least_limits.mean_low / NULLIF(n.observed_days, 0) * 30 AS low,
  most_limits.mean_high / NULLIF(n.observed_days, 0) * 30 AS high,
  n.incidents_count AS n,
  n.incidents_count AS n_events,
  0 AS n_censored,
  CASE
    WHEN n.observed_days < r.min_observed_days
    THEN 'not enough data'
    ELSE 'measured'
  END AS own_state,
  CONCAT_WS(
    ' ',
    'Observed for ' || CAST(ROUND(n.observed_days, 1) AS STRING) || ' days.',
    CASE
      WHEN least_limits.bursts_count < n.incidents_count
      THEN 'They came in ' || CAST(least_limits.bursts_count AS STRING) || ' runs.'
    END,
    CASE
      WHEN n.unattributed_count > 0
      THEN CAST(n.unattributed_count AS STRING) || ' more name no component and may have affected the API.'
    END
  ) AS own_note
FROM metrics__rules AS r
CROSS JOIN rates_1 AS n
JOIN metrics__rate_limits AS least_limits
  ON least_limits.rate = 'incidents'
  AND least_limits.family_id = n.family_id
  AND least_limits.`window` = n.`window`
  AND least_limits.segment = n.segment
JOIN metrics__rate_limits AS most_limits
  ON most_limits.rate = 'incidents'
  AND most_limits.family_id = n.family_id
  AND most_limits.`window` = n.`window`
  AND most_limits.segment = CASE n.segment WHEN 'api' THEN 'api or unattributed' ELSE n.segment END
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
    ('api'),
    ('unattributed'),
    ('own fault'),
    ('third-party') AS s(segment)
  CROSS JOIN VALUES
    ('per_30d') AS t(statistic)
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
  'per 30 days' AS unit,
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
      CASE
        WHEN verdict = 'measured'
        THEN (
          SELECT
            MAX(weakness)
          FROM metrics__feature_accuracy AS feature_accuracy
          WHERE
            feature = 'incident kind'
            AND class IN (
              'yes',
              'any type',
              'any language',
              'any family',
              'any kind',
              'stated',
              'bot or agent'
            )
            AND part = 'all'
            AND channel_kind IN ('all', 'status')
            AND language = 'all'
        )
      END,
      coverage_note
    ),
    ''
  ) AS note
FROM judged
