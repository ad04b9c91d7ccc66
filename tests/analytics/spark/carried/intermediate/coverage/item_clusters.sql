SELECT
  *
FROM metrics__post_clusters AS post_clusters
UNION ALL
SELECT
  *
FROM metrics__change_clusters AS change_clusters
UNION ALL
SELECT
  *
FROM metrics__incident_clusters AS incident_clusters
UNION ALL
SELECT
  *
FROM metrics__notice_clusters AS notice_clusters
