SELECT
  channel_id,
  GET_JSON_OBJECT(body, '$.model_id') AS model_id,
  GET_JSON_OBJECT(body, '$.state') AS board_state,
  CAST(GET_JSON_OBJECT(body, '$.count') AS BIGINT) AS discussions_count,
  CAST(GET_JSON_OBJECT(body, '$.newest') AS BIGINT) AS newest_number,
  CAST(GET_JSON_OBJECT(body, '$.last_opened_at') AS TIMESTAMP_NTZ) AS last_opened_at,
  source_time,
  seen_at
FROM raw__huggingface__boards AS huggingface__boards
