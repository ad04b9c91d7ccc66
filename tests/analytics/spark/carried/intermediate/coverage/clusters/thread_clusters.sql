WITH first_answers AS (
  SELECT
    u.thread_id,
    MIN_BY(r.actor_id, (r.replied_at, r.reply_id)) FILTER(WHERE
      NOT r.actor_id IS NULL) AS answerer_id
  FROM metrics__thread_turns AS u
  JOIN staging__replies AS r
    ON r.reply_id = u.reply_id
  WHERE
    u.is_answer
  GROUP BY
    u.thread_id
), items AS (
  SELECT
    t.thread_id AS item_id,
    t.family_id,
    t.channel_id || '/' || CONCAT(
      CAST(YEAR(
        DATE_ADD(CAST(t.opened_at AS DATE), 3 - MOD(DAYOFWEEK(CAST(t.opened_at AS DATE)) + 5, 7))
      ) AS STRING),
      '-W',
      LPAD(CAST(WEEKOFYEAR(CAST(t.opened_at AS DATE)) AS STRING), 2, '0')
    ) AS cluster_id,
    a.answerer_id
  FROM staging__threads AS t
  LEFT JOIN first_answers AS a
    ON a.thread_id = t.thread_id
)
SELECT
  *,
  CASE
    WHEN NOT cluster_id IS NULL
    THEN XXHASH64(COALESCE(CAST(MD5(cluster_id) AS STRING), '\0'))
  END AS cluster_key,
  CASE
    WHEN NOT answerer_id IS NULL
    THEN XXHASH64(COALESCE(CAST(MD5(answerer_id) AS STRING), '\0'))
  END AS answerer_key
FROM items
