WITH items AS (
  SELECT
    item_id,
    family_id,
    cluster_id,
    answerer_id,
    cluster_key
  FROM metrics__thread_clusters AS thread_clusters
  UNION ALL
  SELECT
    r.reply_id,
    t.family_id,
    t.cluster_id,
    r.actor_id,
    t.cluster_key
  FROM staging__replies AS r
  JOIN metrics__thread_clusters AS t
    ON t.item_id = r.thread_id
)
SELECT
  *,
  CASE
    WHEN NOT answerer_id IS NULL
    THEN XXHASH64(COALESCE(CAST(MD5(answerer_id) AS STRING), '\0'))
  END AS answerer_key
FROM items
