SELECT
  notice_id AS item_id,
  family_id,
  channel_id || '/' || COALESCE(CAST(first_announced_on AS STRING), 'undated') AS cluster_id,
  CAST(NULL AS STRING) AS answerer_id
FROM metrics.model_notices
