-- kept__posts
SELECT
  c.source,
  a.actor_id,
  CAST(SUM(a.asked_count) AS BIGINT) AS asked_count,
  CAST(SUM(a.answers_count) AS BIGINT) AS answers_count,
  CAST(SUM(a.answered_count) AS BIGINT) AS answered_count,
  CAST(SUM(a.prompt_count) AS BIGINT) AS prompt_count
FROM staging__account_channels AS a
JOIN raw__catalog__channels AS c
  ON c.channel_id = a.channel_id
GROUP BY
  c.source,
  a.actor_id
WITH prompt AS (
  SELECT
    source,
    actor_id
  FROM kept__posts AS posts
  WHERE
    answered_count >= 30 AND prompt_count >= CAST(0.9 AS DOUBLE) * answered_count
), sizes AS (
  SELECT
    source,
    actor_id,
    MAX(same_count) AS same_size_count
  FROM (
    SELECT
      c.source,
      r.actor_id,
      COUNT(*) AS same_count
    FROM prompt AS p
    JOIN staging__reply_rows AS r
      ON r.actor_id = p.actor_id
    JOIN raw__catalog__channels AS c
      ON c.channel_id = r.channel_id AND c.source = p.source
    JOIN staging__thread_rows AS t
      ON t.channel_id = r.channel_id AND t.thread_code = r.thread_code
    WHERE
      t.actor_id IS DISTINCT FROM r.actor_id
    GROUP BY
      c.source,
      r.actor_id,
      r.words_count,
      r.code_lines
  )
  GROUP BY
    source,
    actor_id
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
  COALESCE(p.source, s.source) AS source,
  COALESCE(p.actor_id, s.actor_id) AS actor_id,
  COALESCE(p.asked_count, 0) AS asked_count,
  COALESCE(p.answers_count, 0) AS answers_count,
  COALESCE(p.answered_count, 0) AS answered_count,
  p.prompt_count / NULLIF(p.answered_count, 0) AS prompt_share,
  z.same_size_count / NULLIF(p.answers_count, 0) AS same_size_share,
  COALESCE(z.same_size_count >= CAST(0.5 AS DOUBLE) * p.answers_count, FALSE) AS is_bot_by_behaviour,
  s.settled_role
FROM kept__posts AS p
FULL JOIN settled AS s
  ON p.source = s.source AND p.actor_id = s.actor_id
LEFT JOIN sizes AS z
  ON COALESCE(p.source, s.source) = z.source
  AND COALESCE(p.actor_id, s.actor_id) = z.actor_id
