SELECT
  r.channel_id || '/' || r.reply_code AS reply_id,
  r.channel_id || '#' || r.thread_code AS thread_id,
  r.channel_id,
  r.actor_id,
  CASE
    WHEN r.author_role = 'asker'
    AND COALESCE(NOT b.settled_role IN ('bot', 'agent'), TRUE)
    THEN 'asker'
    WHEN b.settled_role IS NULL AND b.is_bot_by_behaviour AND r.author_role <> 'agent'
    THEN 'bot'
    ELSE COALESCE(b.settled_role, r.author_role)
  END AS author_role,
  r.url,
  r.replied_at,
  r.is_accepted,
  r.has_code,
  r.code_lines,
  r.has_patch,
  r.has_command,
  r.words_count,
  r.source_links + r.change_links > 0 AS has_source_link,
  r.docs_links > 0 AS has_docs_link,
  r.source_links AS source_links_count,
  r.change_links AS change_links_count,
  r.docs_links AS docs_links_count,
  r.source_paths AS source_paths_count,
  r.has_version,
  r.has_cause,
  r.has_thanks,
  r.has_solved,
  r.is_deflection,
  r.is_docs_pointer,
  r.is_me_too,
  r.language,
  r.reader_version,
  r.seen_at
FROM staging__reply_rows AS r
JOIN staging__thread_rows AS t
  ON t.channel_id = r.channel_id AND t.thread_code = r.thread_code
JOIN raw__catalog__channels AS c
  ON c.channel_id = r.channel_id
LEFT JOIN staging__account_roles AS b
  ON b.source = c.source AND b.actor_id = r.actor_id
WHERE
  NOT r.is_removed
