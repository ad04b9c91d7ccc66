WITH questions AS (
  SELECT
    channel_id,
    actor_id,
    COUNT(*) AS asked_count
  FROM staging__thread_rows AS thread_rows
  WHERE
    NOT actor_id IS NULL
  GROUP BY
    channel_id,
    actor_id
), answered AS (
  SELECT
    r.channel_id,
    r.actor_id,
    COUNT(*) AS posts_count,
    MIN(
      (
        FLOOR(UNIX_MICROS(r.replied_at) / 1000) - FLOOR(UNIX_MICROS(t.opened_at) / 1000)
      )
    ) AS first_ms
  FROM staging__reply_rows AS r
  JOIN staging__thread_rows AS t
    ON t.channel_id = r.channel_id AND t.thread_code = r.thread_code
  WHERE
    NOT r.actor_id IS NULL AND t.actor_id IS DISTINCT FROM r.actor_id
  GROUP BY
    r.channel_id,
    r.actor_id,
    r.thread_code
), answers AS (
  SELECT
    channel_id,
    actor_id,
    CAST(SUM(posts_count) AS BIGINT) AS answers_count,
    COUNT(*) AS answered_count,
    COUNT(*) FILTER(WHERE
      first_ms BETWEEN 0 AND 60000) AS prompt_count
  FROM answered
  GROUP BY
    channel_id,
    actor_id
)
SELECT
  COALESCE(q.channel_id, a.channel_id) AS channel_id,
  COALESCE(q.actor_id, a.actor_id) AS actor_id,
  COALESCE(q.asked_count, 0) AS asked_count,
  COALESCE(a.answers_count, 0) AS answers_count,
  COALESCE(a.answered_count, 0) AS answered_count,
  COALESCE(a.prompt_count, 0) AS prompt_count
FROM questions AS q
FULL JOIN answers AS a
  ON q.channel_id = a.channel_id AND q.actor_id = a.actor_id
