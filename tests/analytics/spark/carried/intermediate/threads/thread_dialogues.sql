WITH follow_ups AS (
  SELECT
    u.thread_id,
    t.family_id,
    MIN(u.replied_at) AS follow_up_at
  FROM metrics__thread_turns AS u
  JOIN metrics__thread_responses AS t
    ON t.thread_id = u.thread_id
  WHERE
    u.turn_role = 'asker'
    AND u.replied_at > t.first_anyone_at
    AND NOT COALESCE(u.has_solved, FALSE)
  GROUP BY
    u.thread_id,
    t.family_id
)
SELECT
  f.thread_id,
  f.family_id,
  f.follow_up_at,
  MIN(u.replied_at) AS followed_at
FROM follow_ups AS f
LEFT JOIN metrics__thread_turns AS u
  ON u.thread_id = f.thread_id AND u.is_answer AND u.replied_at > f.follow_up_at
GROUP BY
  f.thread_id,
  f.family_id,
  f.follow_up_at
