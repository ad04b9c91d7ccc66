SELECT
  'recovery' AS subject,
  i.channel_id || '#' || i.incident_id AS item_id,
  i.family_id,
  'status' AS channel_kind,
  'status' AS channel_role,
  TRUE AS is_pooled,
  TRUE AS is_apart,
  s.segment,
  i.age_days,
  i.started_at AS from_at,
  COALESCE(i.ongoing_until_at, i.observed_until_at) AS observed_until_at,
  i.ended_at AS until_at,
  CAST(NULL AS STRING) AS cause,
  CAST(NULL AS STRING) AS reason
FROM VALUES
  ('all'),
  ('api') AS s(segment)
JOIN metrics__incident_windows AS i
  ON s.segment = 'all' OR i.is_api
WHERE
  i.is_disturbance
  AND i.is_start_known
  AND (
    NOT i.ended_at IS NULL OR NOT i.ongoing_until_at IS NULL
  )
UNION ALL
SELECT
  'release',
  g.release_id,
  g.family_id,
  g.channel_kind,
  g.channel_role,
  FALSE,
  TRUE,
  g.segment,
  g.age_days,
  g.released_at,
  g.observed_until_at,
  g.next_released_at,
  NULL,
  NULL
FROM metrics__release_gaps AS g
UNION ALL
SELECT
  'lifetime',
  l.item_id,
  l.family_id,
  l.channel_kind,
  l.channel_role,
  TRUE,
  TRUE,
  'all',
  l.age_days,
  CAST(l.launched_on AS TIMESTAMP_NTZ),
  CAST(l.observed_until_on AS TIMESTAMP_NTZ),
  CAST(l.ended_on AS TIMESTAMP_NTZ),
  NULL,
  l.exclusion_reason
FROM metrics__model_lifetimes AS l
