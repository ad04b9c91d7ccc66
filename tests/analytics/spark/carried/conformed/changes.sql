SELECT
  p.channel_id || '#' || p.number AS change_id,
  p.channel_id,
  CASE WHEN c.family_id = '_shared' THEN NULL ELSE c.family_id END AS family_id,
  c.role AS channel_role,
  p.number,
  p.title,
  p.url,
  p.actor_id,
  CASE
    WHEN b.settled_role IS NULL AND b.is_bot_by_behaviour AND p.author_role <> 'agent'
    THEN 'bot'
    ELSE COALESCE(b.settled_role, p.author_role)
  END AS author_role,
  p.opened_at,
  p.closed_at,
  p.merged_at,
  p.is_draft,
  p.merged_by_role,
  p.is_self_merged,
  p.is_first_time,
  p.first_review_at,
  p.first_review_role,
  p.first_reply_at,
  p.first_reply_role,
  p.has_all_answers,
  p.comments_count,
  p.reviews_count,
  p.seen_at
FROM staging__github__pulls AS p
JOIN raw__catalog__channels AS c
  ON c.channel_id = p.channel_id
LEFT JOIN staging__account_roles AS b
  ON b.source = c.source AND b.actor_id = p.actor_id
