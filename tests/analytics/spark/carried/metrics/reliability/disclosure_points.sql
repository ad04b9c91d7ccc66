-- kept__flags_1
SELECT
  i.family_id,
  i.channel_kind,
  CASE WHEN w.pools_roles THEN 'all' ELSE i.channel_role END AS channel_role,
  i.segment,
  w.`window`,
  i.item_id,
  t.statistic,
  CAST(CASE t.statistic
    WHEN 'with_cause'
    THEN CASE WHEN NOT i.is_open THEN i.has_cause END
    WHEN 'with_postmortem'
    THEN CASE WHEN NOT i.is_open AND i.age_days >= 14 THEN i.has_postmortem END
    WHEN 'names_components'
    THEN CASE WHEN i.can_name_parts THEN i.has_components END
    ELSE CASE WHEN NOT i.is_brought_over THEN NOT i.is_retro END
  END AS DOUBLE) AS point
FROM metrics__scopes AS w
CROSS JOIN VALUES
  ('with_cause'),
  ('with_postmortem'),
  ('names_components'),
  ('retro_posted') AS t(statistic)
JOIN metrics__incident_items AS i
  ON i.age_days <= w.window_days AND (
    i.is_pooled OR NOT w.pools_roles
  )
-- kept__figures
WITH shares_1 AS (
  SELECT
    family_id,
    channel_kind,
    channel_role,
    segment,
    `window`,
    statistic,
    state,
    n,
    CASE WHEN statistic = 'retro_posted' THEN 1 - value ELSE value END AS value,
    CASE WHEN statistic = 'retro_posted' THEN 1 - high ELSE low END AS low,
    CASE WHEN statistic = 'retro_posted' THEN 1 - low ELSE high END AS high
  FROM metrics__disclosure_share AS disclosure_share
  WHERE
    statistic <> 'states_start'
), added_1 AS (
  SELECT
    family_id,
    channel_kind,
    channel_role,
    segment,
    `window`,
    AVG(value) AS value,
    MIN(n) FILTER(WHERE
      state <> 'not applicable') AS n,
    COUNT(value) AS known_count,
    COUNT(*) FILTER(WHERE
      state = 'not applicable') AS absent_count
  FROM shares_1 AS shares
  GROUP BY
    family_id,
    channel_kind,
    channel_role,
    segment,
    `window`
), moments_1 AS (
  SELECT
    a.family_id,
    a.channel_kind,
    a.channel_role,
    a.segment,
    a.`window`,
    a.statistic,
    b.statistic AS other,
    AVG(a.point * b.point) - AVG(a.point) * AVG(b.point) AS covariance,
    AVG(a.point) * (
      1 - AVG(a.point)
    ) * AVG(b.point) * (
      1 - AVG(b.point)
    ) AS variances
  FROM kept__flags_1 AS a
  JOIN kept__flags_1 AS b
    ON a.family_id = b.family_id
    AND a.channel_kind = b.channel_kind
    AND a.channel_role = b.channel_role
    AND a.segment = b.segment
    AND a.window = b.window
    AND a.item_id = b.item_id
  WHERE
    NOT a.point IS NULL AND NOT b.point IS NULL AND a.statistic <> b.statistic
  GROUP BY
    a.family_id,
    a.channel_kind,
    a.channel_role,
    a.segment,
    a.`window`,
    a.statistic,
    b.statistic
), matched_1 AS (
  SELECT
    a.*,
    a.value - a.low AS below,
    b.value - b.low AS other_below,
    a.high - a.value AS above,
    b.high - b.value AS other_above,
    b.statistic AS other
  FROM shares_1 AS a
  JOIN shares_1 AS b
    ON a.family_id = b.family_id
    AND a.channel_kind = b.channel_kind
    AND a.channel_role = b.channel_role
    AND a.segment = b.segment
    AND a.window = b.window
), reaches_1 AS (
  SELECT
    p.family_id,
    p.channel_kind,
    p.channel_role,
    p.segment,
    p.`window`,
    SQRT(ABS(SUM(p.below * p.other_below * p.correlation))) AS below,
    SQRT(ABS(SUM(p.above * p.other_above * p.correlation))) AS above
  FROM (
    SELECT
      m.*,
      CASE
        WHEN m.statistic = m.other
        THEN CAST(1 AS DOUBLE)
        WHEN c.variances > 0
        THEN c.covariance / NULLIF(SQRT(c.variances), 0)
        ELSE CAST(0 AS DOUBLE)
      END AS correlation
    FROM matched_1 AS m
    LEFT JOIN moments_1 AS c
      ON m.family_id = c.family_id
      AND m.channel_kind = c.channel_kind
      AND m.channel_role = c.channel_role
      AND m.segment = c.segment
      AND m.window = c.window
      AND m.statistic = c.statistic
      AND m.other = c.other
  ) AS p
  GROUP BY
    p.family_id,
    p.channel_kind,
    p.channel_role,
    p.segment,
    p.`window`
)
SELECT
  a.family_id,
  a.channel_kind,
  a.channel_role,
  a.segment,
  'points' AS statistic,
  a.`window`,
  CASE WHEN a.known_count + a.absent_count = 4 THEN 100 * a.value END AS value,
  100 * GREATEST(0, a.value - r.below / NULLIF(a.known_count, 0)) AS low,
  100 * LEAST(1, a.value + r.above / NULLIF(a.known_count, 0)) AS high,
  a.n,
  a.n AS n_events,
  0 AS n_censored,
  CAST(NULL AS STRING) AS own_state,
  CASE
    WHEN a.absent_count > 0
    THEN 'Mean of three shares: the page cannot name components.'
  END AS own_note
FROM added_1 AS a
JOIN reaches_1 AS r
  ON a.family_id = r.family_id
  AND a.channel_kind = r.channel_kind
  AND a.channel_role = r.channel_role
  AND a.segment = r.segment
  AND a.window = r.window
WHERE
  a.n > 0
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
    ('points') AS t(statistic)
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
      WHEN f.value IS NULL OR f.n < r.min_items_count OR f.n < r.min_effective_count
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
  'points of 100' AS unit,
  n,
  n_events,
  n_censored,
  coverage_share,
  as_of_at,
  4 AS method_version,
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
        ELSE CASE n WHEN 0 THEN 'No' ELSE 'Only ' || CAST(n AS STRING) END || ' incidents.'
      END,
      NULLIF(own_note, ''),
      coverage_note
    ),
    ''
  ) AS note
FROM judged
