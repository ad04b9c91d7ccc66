WITH items AS (
  SELECT
    change_id AS item_id,
    family_id,
    channel_id || '/' || CONCAT(
      CAST(YEAR(
        DATE_ADD(CAST(opened_at AS DATE), 3 - MOD(DAYOFWEEK(CAST(opened_at AS DATE)) + 5, 7))
      ) AS STRING),
      '-W',
      LPAD(CAST(WEEKOFYEAR(CAST(opened_at AS DATE)) AS STRING), 2, '0')
    ) AS cluster_id,
    CAST(NULL AS STRING) AS answerer_id
  FROM staging__changes AS changes
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
