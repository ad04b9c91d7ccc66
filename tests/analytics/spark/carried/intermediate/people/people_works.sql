WITH visits AS (
  SELECT
    channel_id,
    thing,
    COALESCE(as_of_at, last_run_at) AS as_of_at
  FROM metrics__thread_visits AS thread_visits
  UNION ALL
  SELECT
    channel_id,
    thing,
    COALESCE(as_of_at, last_run_at)
  FROM metrics__change_visits AS change_visits
), works AS (
  SELECT
    'changes' AS work,
    change_id AS work_id,
    url,
    'pulls' AS thing,
    channel_id,
    family_id,
    'tracker' AS channel_kind,
    channel_role,
    actor_id,
    author_role,
    merged_at AS done_at,
    seen_at
  FROM staging__changes AS changes
  WHERE
    NOT merged_at IS NULL
  UNION ALL
  SELECT
    'commits',
    commit_id,
    url,
    'commits',
    channel_id,
    family_id,
    'tracker',
    channel_role,
    actor_id,
    author_role,
    committed_at,
    seen_at
  FROM staging__commits AS commits
  WHERE
    NOT is_merge
  UNION ALL
  SELECT
    'answers',
    r.reply_id,
    r.url,
    t.thing,
    t.channel_id,
    t.family_id,
    t.channel_kind,
    t.channel_role,
    r.actor_id,
    r.author_role,
    r.replied_at,
    COALESCE(r.seen_at, t.observed_until_at)
  FROM metrics__thread_turns AS u
  JOIN staging__replies AS r
    ON r.reply_id = u.reply_id
  JOIN staging__threads AS t
    ON t.thread_id = u.thread_id
  WHERE
    u.is_answer
)
SELECT
  w.work,
  w.work_id,
  w.url,
  w.family_id,
  w.channel_kind,
  w.channel_role,
  w.work <> 'answers' OR COALESCE(c.family_id = w.family_id, FALSE) AS is_pooled,
  w.actor_id,
  w.author_role,
  w.done_at,
  (
    UNIX_MICROS(COALESCE(v.as_of_at, w.seen_at)) - UNIX_MICROS(w.done_at)
  ) / NULLIF(CAST(86400e6 AS DOUBLE), 0) AS age_days
FROM works AS w
LEFT JOIN visits AS v
  ON v.channel_id = w.channel_id AND v.thing = w.thing
LEFT JOIN staging__channels AS c
  ON c.channel_id = w.channel_id
WHERE
  NOT w.family_id IS NULL
  AND NOT w.actor_id IS NULL
  AND NOT w.author_role IN ('bot', 'agent')
