WITH members AS (
  SELECT
    item_id,
    family_id,
    cluster_id,
    answerer_id
  FROM metrics.thread_clusters
  UNION ALL
  SELECT
    r.reply_id,
    t.family_id,
    t.channel_id || '/' || CONCAT(
      CAST(YEAR(
        DATE_ADD(CAST(t.opened_at AS DATE), 3 - MOD(DAYOFWEEK(CAST(t.opened_at AS DATE)) + 5, 7))
      ) AS STRING),
      '-W',
      LPAD(CAST(WEEKOFYEAR(CAST(t.opened_at AS DATE)) AS STRING), 2, '0')
    ),
    r.actor_id
  FROM staging.replies AS r
  JOIN staging.threads AS t
    ON t.thread_id = r.thread_id
), items AS (
  SELECT
    item_id,
    MIN(family_id) AS family_id,
    MIN(cluster_id) AS cluster_id,
    MIN(answerer_id) AS answerer_id
  FROM members
  GROUP BY
    item_id
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
