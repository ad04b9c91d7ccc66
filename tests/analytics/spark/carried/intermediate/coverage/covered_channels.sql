-- kept__visited
WITH users AS (
  SELECT
    channel_id,
    family_id,
    TRUE AS is_own
  FROM staging__channels AS channels
  UNION
  SELECT DISTINCT
    t.channel_id,
    t.family_id,
    FALSE
  FROM staging__threads AS t
  JOIN staging__channels AS c
    ON c.channel_id = t.channel_id
  WHERE
    NOT t.family_id IS NULL AND c.family_id = '_shared'
  UNION
  SELECT DISTINCT
    channel_id,
    family_id,
    TRUE
  FROM staging__listed_models AS listed_models
  WHERE
    NOT family_id IS NULL
)
SELECT
  s.subject,
  s.channel_kind,
  s.thing,
  u.family_id,
  u.is_own,
  c.channel_id,
  c.role,
  c.target,
  CASE
    WHEN NOT k.as_of_at IS NULL OR k.coverage_share > 0
    THEN COALESCE(k.as_of_at, k.last_run_at)
  END AS as_of_at,
  CASE
    WHEN k.as_of_at IS NULL
    THEN COALESCE(k.coverage_share, 0)
    ELSE k.coverage_share
  END AS coverage_share,
  k.last_fault
FROM staging__channels AS c
JOIN metrics__covered_subjects AS s
  ON s.kept_kind = c.channel_kind
  AND (
    COALESCE(CARDINALITY(c.things), 0) = 0 OR ARRAY_CONTAINS(c.things, s.thing)
  )
JOIN users AS u
  ON u.channel_id = c.channel_id
  AND (
    u.is_own OR s.subject IN ('threads', 'issues')
  )
LEFT JOIN staging__collections AS k
  ON k.channel_id = c.channel_id AND k.thing = s.thing
WHERE
  c.is_enabled
SELECT
  subject,
  family_id,
  channel_kind,
  role AS channel_role,
  channel_id,
  thing,
  target,
  as_of_at,
  coverage_share,
  last_fault
FROM kept__visited AS visited
UNION ALL
SELECT
  subject,
  family_id,
  channel_kind,
  'all',
  channel_id,
  thing,
  target,
  as_of_at,
  coverage_share,
  last_fault
FROM kept__visited AS visited
WHERE
  is_own
UNION ALL
SELECT
  s.subject,
  f.family_id,
  s.channel_kind,
  'all',
  f.family_id || '.facts',
  s.thing,
  'facts read by hand',
  MIN(CAST(f.as_of_on AS TIMESTAMP_NTZ)),
  CAST(1.0 AS DOUBLE),
  NULL
FROM staging__facts AS f
JOIN staging__families AS m
  ON m.family_id = f.family_id
JOIN metrics__covered_subjects AS s
  ON s.kept_kind = 'facts'
  AND s.thing = f.fact_kind
  AND (
    s.subject <> 'licences' OR m.side = 'proprietary'
  )
GROUP BY
  s.subject,
  f.family_id,
  s.channel_kind,
  'all',
  f.family_id || '.facts',
  s.thing,
  'facts read by hand',
  NULL
