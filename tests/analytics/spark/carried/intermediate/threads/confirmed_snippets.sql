WITH confirmed AS (
  SELECT
    answer_id AS reply_id,
    confirmed_at
  FROM metrics__thread_confirmations AS thread_confirmations
  WHERE
    is_solved
  UNION ALL
  SELECT
    r.reply_id,
    COALESCE(t.accepted_at, r.replied_at)
  FROM staging__replies AS r
  JOIN staging__threads AS t
    ON t.thread_id = r.thread_id
  WHERE
    r.is_accepted
)
SELECT
  r.reply_id,
  r.thread_id,
  t.family_id,
  r.actor_id,
  r.author_role,
  r.url,
  MIN(c.confirmed_at) AS confirmed_at
FROM confirmed AS c
JOIN staging__replies AS r
  ON r.reply_id = c.reply_id
JOIN metrics__thread_turns AS t
  ON t.reply_id = r.reply_id
WHERE
  t.is_answer AND (
    r.code_lines >= 3 OR r.has_patch
  )
GROUP BY
  r.reply_id,
  r.thread_id,
  t.family_id,
  r.actor_id,
  r.author_role,
  r.url
