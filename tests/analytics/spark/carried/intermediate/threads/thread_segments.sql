SELECT
  thread_id,
  family_id,
  'all' AS segment
FROM staging.threads
UNION ALL
SELECT
  thread_id,
  family_id,
  'type:' || question_type
FROM staging.threads
WHERE
  NOT question_type IS NULL
UNION ALL
SELECT
  thread_id,
  family_id,
  'language:' || language
FROM staging.threads
WHERE
  NOT language IS NULL
