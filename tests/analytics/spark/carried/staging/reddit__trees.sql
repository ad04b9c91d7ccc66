SELECT
  channel_id,
  GET_JSON_OBJECT(body, '$.post_id') AS post_id,
  CAST(GET_JSON_OBJECT(body, '$.read_at') AS TIMESTAMP_NTZ) AS read_at,
  CAST(GET_JSON_OBJECT(body, '$.said') AS BIGINT) AS comments_count,
  CAST(GET_JSON_OBJECT(body, '$.read') AS BIGINT) AS read_count,
  CAST(GET_JSON_OBJECT(body, '$.is_complete') AS BOOLEAN) AS is_whole,
  source_time,
  seen_at
FROM raw__reddit__trees AS reddit__trees
