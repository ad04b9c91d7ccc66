SELECT
  thread_id,
  family_id,
  'all' AS segment
FROM staging__threads AS threads
UNION ALL
SELECT
  thread_id,
  family_id,
  'type:' || question_type
FROM staging__threads AS threads
WHERE
  NOT question_type IS NULL
UNION ALL
SELECT
  thread_id,
  family_id,
  'language:' || language
FROM staging__threads AS threads
WHERE
  NOT language IS NULL
