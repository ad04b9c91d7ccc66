WITH said AS (
  SELECT
    r.reply_id,
    r.thread_id,
    q.family_id,
    r.actor_id,
    r.replied_at,
    r.has_solved AS is_solved,
    t.turn_role AS confirmed_by
  FROM staging__replies AS r
  JOIN metrics__thread_turns AS t
    ON t.reply_id = r.reply_id
  JOIN staging__threads AS q
    ON q.thread_id = r.thread_id
  WHERE
    q.channel_kind <> 'tag'
    AND (
      t.turn_role = 'asker'
      AND (
        r.has_solved OR r.has_thanks
      )
      OR t.turn_role IN ('staff', 'maintainer')
      AND r.has_solved
    )
), paired AS (
  SELECT
    s.*,
    a.reply_id AS answer_id,
    a.actor_id AS answerer_id,
    a.author_role AS answerer_role,
    ROW_NUMBER() OVER (PARTITION BY s.reply_id ORDER BY a.replied_at DESC, a.reply_id DESC) AS from_last
  FROM said AS s
  JOIN staging__replies AS a
    ON a.thread_id = s.thread_id
    AND a.replied_at < s.replied_at
    AND a.actor_id IS DISTINCT FROM s.actor_id
    AND a.author_role <> 'bot'
    AND NOT COALESCE(a.is_me_too, FALSE)
)
SELECT
  reply_id,
  thread_id,
  family_id,
  replied_at AS confirmed_at,
  confirmed_by,
  is_solved,
  answer_id,
  answerer_id,
  answerer_role
FROM paired
WHERE
  from_last = 1
