WITH visits AS (
  SELECT
    channel_id,
    thing,
    MAX(
      CASE WHEN state IN ('complete', 'unchanged') THEN started_at ELSE known_until END
    ) AS as_of_at
  FROM raw__ledger__runs AS ledger__runs
  GROUP BY
    channel_id,
    thing
), earlier AS (
  SELECT
    topic,
    class
  FROM VALUES
    ('set-up', 'getting it to run'),
    ('hardware', 'getting it to run'),
    ('docs', 'using it'),
    ('fine-tuning', 'using it'),
    ('api-error', 'something broke'),
    ('quality', 'something broke'),
    ('refusal', 'something broke'),
    ('billing', 'account and money'),
    ('licence', 'account and money'),
    ('feature', 'other') AS t(topic, class)
), collected AS (
  SELECT
    channel_id,
    thread_code,
    COUNT(*) AS replies_count,
    MAX(replied_at) FILTER(WHERE
      has_all_earlier) AS replies_known_until_at
  FROM staging__reply_rows AS reply_rows
  GROUP BY
    channel_id,
    thread_code
)
SELECT
  r.channel_id || '#' || r.thread_code AS thread_id,
  r.channel_id,
  r.thing,
  CASE WHEN c.family_id = '_shared' THEN a.family_id ELSE c.family_id END AS family_id,
  c.source,
  CASE WHEN r.thing = 'discussions' THEN 'forum' ELSE c.channel_kind END AS channel_kind,
  c.role AS channel_role,
  r.number,
  r.title,
  r.url,
  r.actor_id,
  CASE
    WHEN b.settled_role IS NULL AND b.is_bot_by_behaviour AND r.author_role <> 'agent'
    THEN 'bot'
    ELSE COALESCE(b.settled_role, r.author_role)
  END AS author_role,
  r.opened_at,
  r.closed_at,
  r.state,
  r.close_reason,
  r.closed_by_role,
  r.first_closed_at,
  r.reopened_at,
  r.fixed_at,
  r.fixed_by_id,
  CASE
    WHEN f.settled_role IS NULL AND f.is_bot_by_behaviour AND r.fixed_by_role <> 'agent'
    THEN 'bot'
    ELSE COALESCE(f.settled_role, r.fixed_by_role)
  END AS fixed_by_role,
  r.fix_url,
  r.has_all_fields,
  r.has_accepted,
  r.accepted_at,
  r.replies_count,
  COALESCE(k.replies_count, 0) >= r.replies_count AS has_all_replies,
  CASE
    WHEN COALESCE(k.replies_count, 0) < r.replies_count
    THEN COALESCE(k.replies_known_until_at, r.opened_at)
  END AS replies_known_until_at,
  r.label_names,
  COALESCE(e.class, r.question_type) AS question_type,
  r.language,
  r.has_code,
  r.has_patch,
  r.has_command,
  r.has_version,
  r.words_count,
  r.reader_version,
  GREATEST(COALESCE(v.as_of_at, r.seen_at), r.seen_at) AS observed_until_at,
  r.source_time,
  r.seen_at
FROM staging__thread_rows AS r
JOIN raw__catalog__channels AS c
  ON c.channel_id = r.channel_id
LEFT JOIN earlier AS e
  ON e.topic = r.question_type
LEFT JOIN visits AS v
  ON v.channel_id = r.channel_id AND v.thing = r.thing
LEFT JOIN collected AS k
  ON k.channel_id = r.channel_id AND k.thread_code = r.thread_code
LEFT JOIN staging__attributions AS a
  ON a.channel_id = r.channel_id AND a.thread_code = r.thread_code
LEFT JOIN staging__account_roles AS b
  ON b.source = c.source AND b.actor_id = r.actor_id
LEFT JOIN staging__account_roles AS f
  ON f.source = c.source AND f.actor_id = r.fixed_by_id
