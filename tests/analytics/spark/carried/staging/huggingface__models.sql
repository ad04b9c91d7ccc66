SELECT
  channel_id,
  GET_JSON_OBJECT(body, '$.model_id') AS model_id,
  CAST(GET_JSON_OBJECT(body, '$.day_on') AS DATE) AS day_on,
  CAST(GET_JSON_OBJECT(body, '$.created_at') AS TIMESTAMP_NTZ) AS created_at,
  CAST(GET_JSON_OBJECT(body, '$.downloads') AS BIGINT) AS downloads_30d,
  CAST(GET_JSON_OBJECT(body, '$.downloads_all_time') AS BIGINT) AS downloads_all_time,
  CAST(GET_JSON_OBJECT(body, '$.likes') AS BIGINT) AS likes,
  GET_JSON_OBJECT(body, '$.gated') AS gated,
  GET_JSON_OBJECT(body, '$.licence') AS licence,
  CAST(GET_JSON_OBJECT(body, '$.parameters') AS BIGINT) AS parameters,
  GET_JSON_OBJECT(body, '$.pipeline') AS pipeline,
  FROM_JSON(GET_JSON_OBJECT(body, '$.base_models'), 'ARRAY<STRING>') AS base_models,
  source_time,
  seen_at
FROM raw__huggingface__models AS huggingface__models
