SELECT
  thread_id,
  family_id,
  segment,
  TRUE AS is_apart
FROM metrics__thread_askers AS thread_askers
UNION ALL
SELECT
  thread_id,
  family_id,
  segment,
  FALSE
FROM metrics__thread_segments AS thread_segments
WHERE
  segment <> 'all'
UNION ALL
SELECT
  thread_id,
  family_id,
  segment,
  FALSE
FROM metrics__thread_releases AS thread_releases
UNION ALL
SELECT
  t.thread_id,
  t.family_id,
  s.segment,
  FALSE
FROM VALUES
  ('bots:strict'),
  ('bots:lenient') AS s(segment)
CROSS JOIN staging__threads AS t
