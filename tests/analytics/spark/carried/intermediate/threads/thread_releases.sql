WITH moments AS (
  SELECT
    family_id,
    CAST(NULL AS STRING) AS thread_id,
    COALESCE(listed_at, CAST(first_listed_on AS TIMESTAMP_NTZ)) AS happened_at,
    TRUE AS is_release
  FROM staging__listed_models AS listed_models
  WHERE
    NOT family_id IS NULL AND listed_id NOT LIKE '%:%'
  UNION ALL
  SELECT
    family_id,
    thread_id,
    opened_at,
    FALSE
  FROM metrics__thread_responses AS thread_responses
  WHERE
    NOT family_id IS NULL AND is_own
), aged AS (
  SELECT
    thread_id,
    family_id,
    (
      UNIX_MICROS(happened_at) - UNIX_MICROS(
        MAX(CASE WHEN is_release THEN happened_at END) OVER (PARTITION BY family_id ORDER BY happened_at NULLS LAST)
      )
    ) / NULLIF(7 * CAST(86400e6 AS DOUBLE), 0) AS weeks
  FROM moments
)
SELECT
  thread_id,
  family_id,
  CASE
    WHEN weeks < 4
    THEN 'week 00-03'
    WHEN weeks < 13
    THEN 'week 04-12'
    WHEN weeks < 26
    THEN 'week 13-25'
    ELSE 'week 26+'
  END AS segment
FROM aged
WHERE
  NOT thread_id IS NULL AND NOT weeks IS NULL
