WITH answers AS (
  SELECT
    thread_id,
    MIN(replied_at) FILTER(WHERE
      is_answer AND turn_role = 'staff') AS first_staff_at,
    MIN(replied_at) FILTER(WHERE
      is_answer AND turn_role = 'maintainer') AS first_maintainer_at,
    MIN(replied_at) FILTER(WHERE
      is_answer AND turn_role = 'outsider') AS first_outsider_at,
    MIN(replied_at) FILTER(WHERE
      is_answer AND turn_role = 'unknown') AS first_unknown_at,
    MIN(replied_at) FILTER(WHERE
      turn_role = 'agent') AS first_agent_at,
    MIN(replied_at) FILTER(WHERE
      turn_role = 'bot') AS first_bot_at,
    MIN(replied_at) FILTER(WHERE
      is_answer OR is_me_too) AS first_person_at
  FROM metrics__thread_turns AS thread_turns
  GROUP BY
    thread_id
), visits AS (
  SELECT
    channel_id,
    thing,
    COALESCE(as_of_at, last_run_at) AS as_of_at,
    reach_at,
    first_run_at
  FROM metrics__thread_visits AS thread_visits
)
SELECT
  t.thread_id,
  t.channel_id,
  t.family_id,
  t.channel_kind,
  t.channel_role,
  t.number,
  t.title,
  t.url,
  t.author_role,
  t.state,
  COALESCE(c.family_id = t.family_id, FALSE) AS is_own,
  COALESCE(t.has_all_replies, TRUE) AS has_all_replies,
  CASE
    WHEN NOT t.has_all_replies
    THEN COALESCE(t.replies_known_until_at, t.opened_at)
  END AS known_until_at,
  CASE
    WHEN NOT t.has_all_replies
    THEN (
      UNIX_MICROS(COALESCE(t.replies_known_until_at, t.opened_at)) - UNIX_MICROS(t.opened_at)
    ) / NULLIF(CAST(3600e6 AS DOUBLE), 0)
  END AS known_hours,
  COALESCE(t.opened_at < v.reach_at, FALSE) AS is_before_reach,
  COALESCE(t.opened_at < v.first_run_at, FALSE) AS is_before_visits,
  v.first_run_at AS roles_known_from_at,
  t.opened_at,
  t.observed_until_at,
  (
    UNIX_MICROS(COALESCE(v.as_of_at, p.last_seen_at)) - UNIX_MICROS(t.opened_at)
  ) / NULLIF(CAST(86400e6 AS DOUBLE), 0) AS age_days,
  LEAST(a.first_staff_at, a.first_maintainer_at, a.first_outsider_at, a.first_unknown_at) AS first_anyone_at,
  a.first_staff_at,
  a.first_maintainer_at,
  a.first_outsider_at,
  a.first_unknown_at,
  a.first_agent_at,
  a.first_bot_at,
  a.first_person_at,
  CASE
    WHEN NOT LEAST(a.first_staff_at, a.first_maintainer_at, a.first_outsider_at, a.first_unknown_at) IS NULL
    THEN 'answered'
    WHEN NOT t.has_all_replies
    THEN 'not seen'
    WHEN t.state = 'closed' AND NOT t.closed_by_role IS NULL
    THEN 'closed by ' || t.closed_by_role || ' unanswered'
    WHEN t.state = 'closed'
    THEN 'closed unanswered'
    ELSE 'waiting'
  END AS outcome
FROM staging__threads AS t
LEFT JOIN answers AS a
  ON a.thread_id = t.thread_id
LEFT JOIN staging__channels AS c
  ON c.channel_id = t.channel_id
LEFT JOIN visits AS v
  ON v.channel_id = t.channel_id AND v.thing = t.thing
LEFT JOIN metrics__thread_places AS p
  ON p.channel_id = t.channel_id AND p.thing = t.thing
