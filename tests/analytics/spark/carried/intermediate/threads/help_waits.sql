SELECT
  h.thread_id,
  c.segment,
  h.family_id,
  h.channel_kind,
  h.channel_role,
  h.is_pooled,
  h.age_days,
  h.opened_at,
  h.observed_until_at,
  h.helped_at,
  h.help_known_until_at,
  h.exclusion_reason
FROM metrics__thread_help AS h
JOIN staging__threads AS t
  ON t.thread_id = h.thread_id
JOIN VALUES
  ('all'),
  ('type:getting it to run') AS c(segment)
  ON c.segment = 'all' OR c.segment = 'type:' || t.question_type
WHERE
  NOT h.family_id IS NULL AND h.author_role <> 'bot'
