WITH verified AS (
  SELECT
    answer_id,
    MIN(confirmed_at) AS confirmed_at
  FROM metrics__thread_confirmations AS thread_confirmations
  WHERE
    is_solved AND confirmed_by = 'asker'
  GROUP BY
    answer_id
), read AS (
  SELECT
    r.*,
    t.family_id,
    t.opened_at,
    COALESCE(r.reader_version, 0) >= 2 AS is_read,
    COALESCE(r.has_code OR r.has_patch OR r.has_command, FALSE) AS has_code_point,
    COALESCE(r.source_links_count, 0) + COALESCE(r.change_links_count, 0) + COALESCE(r.source_paths_count, 0) > 0 AS has_source_point,
    COALESCE(
      (
        UNIX_MICROS(
          LEAST(
            CASE WHEN r.is_accepted THEN COALESCE(t.accepted_at, r.replied_at) END,
            v.confirmed_at
          )
        ) - UNIX_MICROS(t.opened_at)
      ) / NULLIF(CAST(3600e6 AS DOUBLE), 0) <= 720,
      FALSE
    ) AS is_verified
  FROM staging__replies AS r
  JOIN staging__threads AS t
    ON t.thread_id = r.thread_id
  JOIN metrics__thread_turns AS p
    ON p.reply_id = r.reply_id AND p.is_answer
  LEFT JOIN verified AS v
    ON v.answer_id = r.reply_id
)
SELECT
  reply_id,
  thread_id,
  family_id,
  url,
  author_role,
  replied_at,
  (
    UNIX_MICROS(replied_at) - UNIX_MICROS(opened_at)
  ) / NULLIF(CAST(3600e6 AS DOUBLE), 0) AS wait_hours,
  words_count,
  is_read,
  has_code_point,
  has_source_point,
  COALESCE(has_docs_link, FALSE) AS has_docs_link,
  COALESCE(has_version, FALSE) AS has_version_point,
  is_verified,
  COALESCE(is_deflection, FALSE) AS is_deflection,
  COALESCE(is_docs_pointer, FALSE) AS is_docs_pointer,
  CASE
    WHEN is_read
    THEN CASE WHEN has_code_point THEN 1 ELSE 0 END + CASE WHEN has_source_point THEN 1 ELSE 0 END + CASE WHEN has_version THEN 1 ELSE 0 END + CASE WHEN is_verified THEN 1 ELSE 0 END
  END AS depth_points
FROM read
