WITH members AS (
  SELECT
    *
  FROM metrics.post_clusters
  UNION ALL
  SELECT
    *
  FROM metrics.change_clusters
  UNION ALL
  SELECT
    *
  FROM metrics.incident_clusters
  UNION ALL
  SELECT
    *
  FROM metrics.notice_clusters
)
SELECT
  item_id,
  MIN(family_id) AS family_id,
  MIN(cluster_id) AS cluster_id,
  MIN(answerer_id) AS answerer_id,
  MIN_BY(cluster_key, cluster_id) FILTER(WHERE
    NOT cluster_key IS NULL) AS cluster_key,
  MIN_BY(answerer_key, answerer_id) FILTER(WHERE
    NOT answerer_key IS NULL) AS answerer_key
FROM members
GROUP BY
  item_id
