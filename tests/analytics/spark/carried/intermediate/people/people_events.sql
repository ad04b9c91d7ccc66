WITH events AS (
  SELECT
    'askers' AS activity,
    thread_id AS event_id,
    family_id,
    channel_id,
    thing,
    channel_kind,
    channel_role,
    actor_id,
    author_role,
    url,
    opened_at AS done_at,
    observed_until_at
  FROM staging__threads AS threads
  UNION ALL
  SELECT
    'answerers',
    r.reply_id,
    t.family_id,
    t.channel_id,
    t.thing,
    t.channel_kind,
    t.channel_role,
    r.actor_id,
    r.author_role,
    r.url,
    r.replied_at,
    t.observed_until_at
  FROM metrics__thread_turns AS u
  JOIN staging__replies AS r
    ON r.reply_id = u.reply_id
  JOIN staging__threads AS t
    ON t.thread_id = u.thread_id
  WHERE
    u.is_answer
  UNION ALL
  SELECT
    'contributors',
    change_id,
    family_id,
    channel_id,
    'pulls',
    'tracker',
    channel_role,
    actor_id,
    author_role,
    url,
    opened_at,
    seen_at
  FROM staging__changes AS changes
), visits AS (
  SELECT
    *
  FROM metrics__thread_visits AS thread_visits
  UNION ALL
  SELECT
    *
  FROM metrics__change_visits AS change_visits
), dated AS (
  SELECT
    e.*,
    n.source,
    COALESCE(n.family_id = e.family_id, FALSE) AS is_pooled,
    COALESCE(v.reach_at, p.first_at, MIN(e.done_at) OVER (PARTITION BY e.channel_id, e.thing)) AS read_from_at,
    COALESCE(
      v.as_of_at,
      v.last_run_at,
      p.last_seen_at,
      MAX(e.observed_until_at) OVER (PARTITION BY e.channel_id, e.thing)
    ) AS as_of_at
  FROM events AS e
  LEFT JOIN staging__channels AS n
    ON n.channel_id = e.channel_id
  LEFT JOIN visits AS v
    ON v.channel_id = e.channel_id AND v.thing = e.thing
  LEFT JOIN metrics__thread_places AS p
    ON p.channel_id = e.channel_id AND p.thing = e.thing
)
SELECT
  activity,
  event_id,
  CONCAT_WS(' ', family_id, source, actor_id) AS person_id,
  family_id,
  source,
  channel_id,
  thing,
  channel_kind,
  channel_role,
  is_pooled,
  url,
  done_at,
  read_from_at,
  as_of_at
FROM dated
WHERE
  NOT family_id IS NULL
  AND NOT actor_id IS NULL
  AND NOT author_role IN ('bot', 'agent', 'unknown')
