SELECT
  t.thread_id AS item_id,
  t.url,
  t.family_id,
  t.channel_kind,
  t.channel_role,
  t.is_own AS is_pooled,
  t.age_days,
  s.question_type,
  s.language,
  CASE
    WHEN t.is_before_reach
    THEN 'older than the completely read period'
    WHEN s.question_type IS NULL
    THEN 'of unread topic'
  END AS exclusion_reason
FROM metrics__thread_responses AS t
JOIN staging__threads AS s
  ON s.thread_id = t.thread_id
WHERE
  NOT t.family_id IS NULL AND t.author_role <> 'bot'
