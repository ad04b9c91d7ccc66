WITH turns AS (
  SELECT
    r.reply_id,
    r.thread_id,
    t.family_id,
    r.replied_at,
    r.has_solved,
    CASE WHEN r.actor_id = t.actor_id THEN 'asker' ELSE r.author_role END AS turn_role,
    COALESCE(r.is_me_too, FALSE) AS joins_in
  FROM staging__replies AS r
  JOIN staging__threads AS t
    ON t.thread_id = r.thread_id
  WHERE
    NOT (
      r.author_role = 'unknown'
      AND (
        t.actor_id IS NULL OR t.author_role = 'unknown'
      )
    )
)
SELECT
  reply_id,
  thread_id,
  family_id,
  replied_at,
  has_solved,
  turn_role,
  turn_role IN ('staff', 'maintainer', 'outsider', 'unknown') AND joins_in AS is_me_too,
  turn_role IN ('staff', 'maintainer', 'outsider', 'unknown') AND NOT joins_in AS is_answer
FROM turns
