WITH answers AS (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY thread_id ORDER BY replied_at NULLS LAST, reply_id NULLS LAST) AS place
  FROM metrics__answer_depth AS answer_depth
  WHERE
    wait_hours <= 720
), told AS (
  SELECT
    thread_id,
    BOOL_AND(is_read) AS is_read,
    BOOL_AND(is_read) FILTER(WHERE
      place = 1) AS is_first_read,
    MIN(wait_hours) AS first_wait_hours,
    BOOL_OR(has_code_point) AS has_code_point,
    BOOL_OR(has_source_point) AS has_source_point,
    BOOL_OR(has_docs_link) AS has_docs_link,
    MAX(depth_points) AS depth_points,
    BOOL_AND(is_deflection) AS is_all_deflection,
    BOOL_AND(is_docs_pointer) AS is_all_docs_pointer,
    BOOL_OR(is_deflection) FILTER(WHERE
      place = 1) AS is_first_deflection,
    SUM(words_count) AS words_count,
    MAX(words_count) FILTER(WHERE
      place = 1) AS first_words_count
  FROM answers
  GROUP BY
    thread_id
)
SELECT
  h.thread_id,
  h.url,
  h.family_id,
  h.channel_kind,
  h.channel_role,
  h.is_pooled,
  h.author_role,
  h.age_days,
  NOT t.thread_id IS NULL AS has_answer,
  COALESCE(t.has_code_point, FALSE) AS has_code_point,
  COALESCE(t.has_source_point, FALSE) AS has_source_point,
  COALESCE(t.has_docs_link, FALSE) AS has_docs_link,
  t.depth_points,
  COALESCE(t.is_all_deflection, TRUE) AS is_all_deflection,
  t.is_first_deflection,
  COALESCE(t.is_all_docs_pointer, TRUE) AS is_all_docs_pointer,
  t.words_count,
  t.first_words_count,
  COALESCE(p.known_hours < 720, FALSE) OR COALESCE(NOT t.is_read, FALSE) AS is_part_seen,
  COALESCE(p.known_hours < COALESCE(t.first_wait_hours, 720), FALSE)
  OR COALESCE(NOT t.is_first_read, FALSE) AS is_first_unseen,
  CASE
    WHEN p.is_before_reach
    THEN 'older than the completely read period'
    WHEN t.first_wait_hours < 0
    THEN 'answered before they were asked'
    WHEN NOT h.is_watched_30d
    THEN 'observed for less than 30 days'
  END AS exclusion_reason
FROM metrics__thread_help AS h
JOIN metrics__thread_responses AS p
  ON p.thread_id = h.thread_id
LEFT JOIN told AS t
  ON t.thread_id = h.thread_id
WHERE
  NOT h.family_id IS NULL
  AND h.author_role <> 'bot'
  AND (
    NOT t.thread_id IS NULL OR p.known_hours < 720
  )
