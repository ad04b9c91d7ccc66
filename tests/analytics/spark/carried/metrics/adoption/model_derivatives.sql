-- kept__levels_1
SELECT
  m.family_id,
  m.channel_id,
  w.model_id,
  m.day_on,
  m.renamed_to IS NULL AS is_present,
  w.created_at,
  r.relation,
  CASE r.relation
    WHEN 'finetune'
    THEN m.finetunes
    WHEN 'adapter'
    THEN m.adapters
    WHEN 'quantized'
    THEN m.quantized
    ELSE m.merges
  END AS level
FROM VALUES
  ('finetune'),
  ('adapter'),
  ('quantized'),
  ('merge') AS r(relation)
CROSS JOIN staging__models_daily AS m
JOIN metrics__newest_models AS w
  ON w.channel_id = m.channel_id AND w.model_id = COALESCE(m.renamed_to, m.model_id)
WHERE
  NOT m.family_id IS NULL
-- kept__newest_1
SELECT
  *,
  ROW_NUMBER() OVER (PARTITION BY channel_id, model_id, relation ORDER BY day_on DESC, is_present DESC) AS from_newest
FROM kept__levels_1 AS levels
WHERE
  NOT level IS NULL
-- kept__figures
WITH earlier_1 AS (
  SELECT
    n.family_id,
    n.channel_id,
    n.model_id,
    n.relation,
    n.level,
    COALESCE(l.level, 0) AS level_before,
    COALESCE(DATEDIFF(DAY, l.day_on, n.day_on), 30) AS days_between,
    ROW_NUMBER() OVER (
      PARTITION BY n.channel_id, n.model_id, n.relation
      ORDER BY l.day_on DESC, l.is_present DESC
    ) AS from_nearest
  FROM kept__newest_1 AS n
  LEFT JOIN kept__levels_1 AS l
    ON l.channel_id = n.channel_id
    AND l.model_id = n.model_id
    AND l.relation = n.relation
    AND NOT l.level IS NULL
    AND DATEDIFF(DAY, l.day_on, n.day_on) >= 30
  WHERE
    n.from_newest = 1
    AND (
      NOT l.day_on IS NULL OR DATEDIFF(DAY, CAST(n.created_at AS DATE), n.day_on) < 30
    )
), found_1 AS (
  SELECT
    family_id,
    relation,
    'total' AS statistic,
    CAST(SUM(level) AS DOUBLE) AS value,
    COUNT(*) AS n
  FROM kept__newest_1 AS newest
  WHERE
    from_newest = 1
  GROUP BY
    family_id,
    relation,
    'total'
  UNION ALL
  SELECT
    family_id,
    relation,
    'new',
    SUM((
      level - level_before
    ) * CAST(30.0 AS DOUBLE) / NULLIF(days_between, 0)),
    COUNT(*)
  FROM earlier_1 AS earlier
  WHERE
    from_nearest = 1
  GROUP BY
    family_id,
    relation,
    'new'
), asked_1 AS (
  SELECT
    c.family_id,
    c.coverage_state,
    r.relation,
    t.statistic,
    t.`window`
  FROM VALUES
    ('finetune'),
    ('adapter'),
    ('quantized'),
    ('merge') AS r(relation)
  CROSS JOIN VALUES
    ('total', 'all'),
    ('new', '30d') AS t(statistic, `window`)
  CROSS JOIN metrics__channel_coverage AS c
  WHERE
    c.subject = 'lineage' AND c.channel_role = 'all'
)
SELECT
  a.family_id,
  'hub' AS channel_kind,
  'all' AS channel_role,
  a.relation AS segment,
  a.statistic,
  a.`window`,
  f.value,
  f.value AS low,
  f.value AS high,
  f.n,
  f.n AS n_events,
  0 AS n_censored,
  CAST(NULL AS STRING) AS own_state,
  CASE
    WHEN f.value IS NULL AND a.statistic = 'new' AND a.coverage_state = 'measured'
    THEN 'Observed for less than 30 days.'
  END AS own_note
FROM asked_1 AS a
LEFT JOIN found_1 AS f
  ON f.family_id = a.family_id
  AND f.relation = a.relation
  AND f.statistic = a.statistic
WITH asked AS (
  SELECT
    c.family_id,
    c.channel_kind,
    c.channel_role,
    s.segment,
    t.statistic,
    w.`window`
  FROM VALUES
    ('finetune'),
    ('adapter'),
    ('quantized'),
    ('merge') AS s(segment)
  CROSS JOIN VALUES
    ('total') AS t(statistic)
  CROSS JOIN VALUES
    ('all') AS w(`window`)
  CROSS JOIN metrics__channel_coverage AS c
  WHERE
    c.subject = 'lineage' AND c.channel_role = 'all'
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
    ON c.subject = 'lineage'
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
  'models' AS unit,
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
        THEN 'Only ' || CAST(n AS STRING) || ' models, worth ' || CAST(CAST(FLOOR(n_effective) AS BIGINT) AS STRING) || ' that do not depend on each other.'
        ELSE 'Not known yet.'
      END,
      NULLIF(own_note, ''),
      coverage_note
    ),
    ''
  ) AS note
FROM judged
