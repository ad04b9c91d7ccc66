WITH requests AS (
  SELECT
    *,
    CASE WHEN is_before_reach THEN 'before reach' END AS reason
  FROM metrics__thread_responses AS thread_responses
  WHERE
    NOT family_id IS NULL AND author_role <> 'bot'
), segments AS (
  SELECT
    thread_id,
    TRUE AS is_apart,
    EXPLODE(
      ARRAY('anyone', 'staff', 'maintainer', 'outsider', 'agent', 'anything', 'with_me_too')
    ) AS segment
  FROM requests
  UNION ALL
  SELECT
    thread_id,
    is_apart,
    segment
  FROM metrics__survival_segments AS survival_segments
), reported AS (
  SELECT DISTINCT
    thread_id
  FROM (
    SELECT
      thread_id,
      EXPLODE(TRANSFORM(label_names, list_item -> LOWER(list_item))) AS label
    FROM staging__threads AS threads
  ) AS l
  WHERE
    label LIKE 'bug%'
    OR label LIKE '%: bug'
    OR label LIKE '%:bug'
    OR label LIKE '%/bug'
), waits AS (
  SELECT
    'response' AS subject,
    t.thread_id AS item_id,
    t.family_id,
    t.channel_kind,
    t.channel_role,
    t.is_own AS is_pooled,
    s.is_apart,
    s.segment,
    t.age_days,
    t.opened_at AS from_at,
    t.observed_until_at,
    CASE s.segment
      WHEN 'staff'
      THEN t.first_staff_at
      WHEN 'maintainer'
      THEN t.first_maintainer_at
      WHEN 'outsider'
      THEN t.first_outsider_at
      WHEN 'agent'
      THEN t.first_agent_at
      WHEN 'with_me_too'
      THEN t.first_person_at
      WHEN 'anything'
      THEN LEAST(t.first_anyone_at, t.first_agent_at, t.first_bot_at)
      WHEN 'bots:strict'
      THEN b.strict_at
      WHEN 'bots:lenient'
      THEN b.lenient_at
      ELSE t.first_anyone_at
    END AS until_at,
    CAST(NULL AS STRING) AS cause,
    t.reason,
    t.known_until_at
  FROM requests AS t
  JOIN segments AS s
    ON s.thread_id = t.thread_id AND (
      s.is_apart OR t.is_own
    )
  LEFT JOIN metrics__bot_rule_answers AS b
    ON b.thread_id = t.thread_id
  UNION ALL
  SELECT
    'dialogue',
    t.thread_id,
    t.family_id,
    t.channel_kind,
    t.channel_role,
    t.is_own,
    TRUE,
    'all',
    t.age_days,
    d.follow_up_at,
    t.observed_until_at,
    d.followed_at,
    NULL,
    t.reason,
    t.known_until_at
  FROM requests AS t
  JOIN metrics__thread_dialogues AS d
    ON d.thread_id = t.thread_id
  UNION ALL
  SELECT
    'first',
    t.thread_id,
    t.family_id,
    t.channel_kind,
    t.channel_role,
    t.is_own,
    TRUE,
    'all',
    t.age_days,
    t.opened_at,
    t.observed_until_at,
    e.first_at,
    e.first_cause,
    COALESCE(t.reason, e.exclusion_reason),
    t.known_until_at
  FROM requests AS t
  JOIN metrics__thread_ends AS e
    ON e.thread_id = t.thread_id
  UNION ALL
  SELECT
    'resolution',
    t.thread_id,
    t.family_id,
    t.channel_kind,
    t.channel_role,
    t.is_own,
    TRUE,
    s.segment,
    t.age_days,
    t.opened_at,
    t.observed_until_at,
    e.ended_at,
    e.end_cause,
    COALESCE(t.reason, e.exclusion_reason),
    NULL
  FROM requests AS t
  JOIN metrics__thread_ends AS e
    ON e.thread_id = t.thread_id
  LEFT JOIN reported AS b
    ON b.thread_id = t.thread_id
  JOIN VALUES
    ('all'),
    ('bug') AS s(segment)
    ON s.segment = 'all' OR NOT b.thread_id IS NULL
  WHERE
    t.channel_kind = 'tracker'
  UNION ALL
  SELECT
    'help',
    w.thread_id,
    w.family_id,
    w.channel_kind,
    w.channel_role,
    w.is_pooled,
    TRUE,
    w.segment,
    w.age_days,
    w.opened_at,
    w.observed_until_at,
    w.helped_at,
    NULL,
    w.exclusion_reason,
    w.help_known_until_at
  FROM metrics__help_waits AS w
  UNION ALL
  SELECT
    *,
    NULL
  FROM metrics__event_waits AS event_waits
  UNION ALL
  SELECT
    *,
    NULL
  FROM metrics__people_waits AS people_waits
), timed AS (
  SELECT
    *,
    COALESCE(until_at, observed_until_at) AS last_at,
    NOT until_at IS NULL AS is_event,
    reason IS NULL
    AND NOT known_until_at IS NULL
    AND COALESCE(until_at > known_until_at, TRUE) AS is_unseen
  FROM waits
)
SELECT
  subject,
  item_id,
  family_id,
  channel_kind,
  channel_role,
  is_pooled,
  is_apart,
  segment,
  cause,
  age_days,
  (
    UNIX_MICROS(last_at) - UNIX_MICROS(from_at)
  ) / NULLIF(CAST(3600e6 AS DOUBLE), 0) AS duration_hours,
  is_event,
  (
    UNIX_MICROS(observed_until_at) - UNIX_MICROS(from_at)
  ) / NULLIF(CAST(3600e6 AS DOUBLE), 0) AS watched_hours,
  COALESCE(
    reason,
    CASE WHEN last_at < from_at THEN 'negative' WHEN is_unseen THEN 'not seen' END
  ) AS exclusion_reason,
  last_at < from_at OR NOT reason IS NULL OR is_unseen AS is_excluded,
  is_unseen AND last_at >= from_at AS is_unseen
FROM timed
