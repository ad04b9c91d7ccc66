WITH starts AS (
  SELECT
    channel_id,
    family_id,
    incident_id,
    started_at,
    COALESCE(
      (
        UNIX_MICROS(started_at) - UNIX_MICROS(LAG(started_at) OVER on_page)
      ) > 6 * CAST(3600e6 AS DOUBLE),
      TRUE
    ) AS is_first
  FROM metrics__incident_windows AS incident_windows
  WINDOW on_page AS (PARTITION BY channel_id ORDER BY started_at NULLS LAST, incident_id NULLS LAST)
), items AS (
  SELECT
    channel_id || '#' || incident_id AS item_id,
    family_id,
    channel_id || '/' || CAST(SUM(CASE WHEN is_first THEN 1 ELSE 0 END) OVER (PARTITION BY channel_id ORDER BY started_at NULLS LAST, incident_id NULLS LAST) AS STRING) AS cluster_id,
    CAST(NULL AS STRING) AS answerer_id
  FROM starts
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
