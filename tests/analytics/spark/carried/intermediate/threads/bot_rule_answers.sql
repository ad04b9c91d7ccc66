WITH turns AS (
  SELECT
    u.thread_id,
    u.family_id,
    u.replied_at,
    CASE WHEN u.turn_role = 'bot' THEN d.author_role ELSE u.turn_role END AS told_role,
    u.turn_role <> 'asker'
    AND NOT u.is_me_too
    AND (
      u.turn_role <> 'bot'
      OR COALESCE(d.author_role <> 'bot' AND a.settled_role IS NULL, FALSE)
    ) AS is_lenient,
    u.is_answer AND NOT COALESCE(a.settled_role IS NULL AND a.is_often_prompt, FALSE) AS is_strict
  FROM metrics__thread_turns AS u
  JOIN staging__replies AS r
    ON r.reply_id = u.reply_id
  JOIN staging__threads AS t
    ON t.thread_id = u.thread_id
  LEFT JOIN staging__reply_rows AS d
    ON d.channel_id || '/' || d.reply_code = r.reply_id
  LEFT JOIN staging__account_roles AS a
    ON a.source = t.source AND a.actor_id = r.actor_id
)
SELECT
  thread_id,
  family_id,
  MIN(replied_at) FILTER(WHERE
    is_lenient) AS lenient_at,
  MIN(replied_at) FILTER(WHERE
    is_strict) AS strict_at,
  MIN(replied_at) FILTER(WHERE
    is_lenient AND told_role = 'staff') AS lenient_staff_at,
  MIN(replied_at) FILTER(WHERE
    is_strict AND told_role = 'staff') AS strict_staff_at,
  MIN(replied_at) FILTER(WHERE
    is_lenient AND told_role = 'unknown') AS lenient_unknown_at
FROM turns
GROUP BY
  thread_id,
  family_id
