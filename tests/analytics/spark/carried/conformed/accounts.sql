-- kept__posts
SELECT
  c.source,
  r.actor_id,
  r.channel_id,
  r.thread_code,
  r.words_count,
  r.code_lines,
  (
    FLOOR(UNIX_MICROS(r.replied_at) / 1000) - FLOOR(UNIX_MICROS(t.opened_at) / 1000)
  ) AS waited_ms
FROM staging__reply_rows AS r
JOIN staging__thread_rows AS t
  ON t.channel_id = r.channel_id AND t.thread_code = r.thread_code
JOIN raw__catalog__channels AS c
  ON c.channel_id = r.channel_id
WHERE
  NOT r.actor_id IS NULL AND t.actor_id IS DISTINCT FROM r.actor_id
WITH answers AS (
  SELECT
    source,
    actor_id,
    CAST(SUM(posts_count) AS BIGINT) AS answers_count,
    COUNT(*) AS answered_count,
    COUNT(*) FILTER(WHERE
      first_ms BETWEEN 0 AND 60000) AS prompt_count
  FROM (
    SELECT
      source,
      actor_id,
      COUNT(*) AS posts_count,
      MIN(waited_ms) AS first_ms
    FROM kept__posts AS posts
    GROUP BY
      source,
      actor_id,
      channel_id,
      thread_code
  ) AS threads
  GROUP BY
    source,
    actor_id
), sizes AS (
  SELECT
    source,
    actor_id,
    MAX(same_count) AS same_size_count
  FROM (
    SELECT
      source,
      actor_id,
      COUNT(*) AS same_count
    FROM kept__posts AS posts
    GROUP BY
      source,
      actor_id,
      words_count,
      code_lines
  ) AS counted
  GROUP BY
    source,
    actor_id
), questions AS (
  SELECT
    c.source,
    t.actor_id,
    COUNT(*) AS asked_count
  FROM staging__thread_rows AS t
  JOIN raw__catalog__channels AS c
    ON c.channel_id = t.channel_id
  WHERE
    NOT t.actor_id IS NULL
  GROUP BY
    c.source,
    t.actor_id
), settled AS (
  SELECT
    SPLIT_PART(source, '/', 1) AS source,
    actor_id,
    MAX(role) AS settled_role
  FROM raw__catalog__accounts AS catalog__accounts
  WHERE
    NOT actor_id IS NULL
  GROUP BY
    SPLIT_PART(source, '/', 1),
    actor_id
)
SELECT
  COALESCE(COALESCE(COALESCE(q.source, a.source), z.source), s.source) AS source,
  COALESCE(COALESCE(COALESCE(q.actor_id, a.actor_id), z.actor_id), s.actor_id) AS actor_id,
  COALESCE(q.asked_count, 0) AS asked_count,
  COALESCE(a.answers_count, 0) AS answers_count,
  COALESCE(a.answered_count, 0) AS answered_count,
  a.prompt_count / NULLIF(a.answered_count, 0) AS prompt_share,
  z.same_size_count / NULLIF(a.answers_count, 0) AS same_size_share,
  COALESCE(
    a.answered_count >= 30
    AND a.prompt_count >= CAST(0.9 AS DOUBLE) * a.answered_count
    AND z.same_size_count >= CAST(0.5 AS DOUBLE) * a.answers_count,
    FALSE
  ) AS is_bot_by_behaviour,
  s.settled_role
FROM questions AS q
FULL JOIN answers AS a
  ON q.source = a.source AND q.actor_id = a.actor_id
FULL JOIN sizes AS z
  ON COALESCE(q.source, a.source) = z.source
  AND COALESCE(q.actor_id, a.actor_id) = z.actor_id
FULL JOIN settled AS s
  ON COALESCE(COALESCE(q.source, a.source), z.source) = s.source
  AND COALESCE(COALESCE(q.actor_id, a.actor_id), z.actor_id) = s.actor_id
