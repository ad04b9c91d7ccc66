SELECT
  m.channel_id || '@' || m.sha AS commit_id,
  m.channel_id,
  CASE WHEN c.family_id = '_shared' THEN NULL ELSE c.family_id END AS family_id,
  c.role AS channel_role,
  m.url,
  m.actor_id,
  CASE
    WHEN b.settled_role IS NULL AND b.is_bot_by_behaviour AND m.author_role <> 'agent'
    THEN 'bot'
    ELSE COALESCE(b.settled_role, m.author_role)
  END AS author_role,
  m.coauthor_ids,
  m.authored_at,
  m.committed_at,
  m.is_merge,
  m.has_agent,
  m.seen_at
FROM staging__github__commits AS m
JOIN raw__catalog__channels AS c
  ON c.channel_id = m.channel_id
LEFT JOIN staging__account_roles AS b
  ON b.source = c.source AND b.actor_id = m.actor_id
WHERE
  NOT m.is_dropped
