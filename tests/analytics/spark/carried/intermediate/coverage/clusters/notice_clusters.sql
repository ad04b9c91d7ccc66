WITH items AS (
  SELECT
    notice_id AS item_id,
    family_id,
    channel_id || '/' || COALESCE(CAST(first_announced_on AS STRING), 'undated') AS cluster_id,
    CAST(NULL AS STRING) AS answerer_id
  FROM metrics__model_notices AS model_notices
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
