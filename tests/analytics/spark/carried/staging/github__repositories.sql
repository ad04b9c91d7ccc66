SELECT
  channel_id,
  CAST(GET_JSON_OBJECT(body, '$.day_on') AS DATE) AS day_on,
  CAST(GET_JSON_OBJECT(body, '$.repository_id') AS BIGINT) AS repository_id,
  GET_JSON_OBJECT(body, '$.full_name') AS full_name,
  CAST(GET_JSON_OBJECT(body, '$.stars') AS BIGINT) AS stars,
  CAST(GET_JSON_OBJECT(body, '$.forks') AS BIGINT) AS forks,
  CAST(GET_JSON_OBJECT(body, '$.open_issues') AS BIGINT) AS open_issues,
  CAST(GET_JSON_OBJECT(body, '$.is_archived') AS BOOLEAN) AS is_archived,
  GET_JSON_OBJECT(body, '$.licence') AS licence,
  CAST(GET_JSON_OBJECT(body, '$.pushed_at') AS TIMESTAMP_NTZ) AS pushed_at,
  source_time,
  seen_at
FROM raw__github__repositories AS github__repositories
