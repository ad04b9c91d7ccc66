SELECT
  channel_id,
  GET_JSON_OBJECT(body, '$.model_id') AS model_id,
  GET_JSON_OBJECT(body, '$.provider') AS provider,
  CAST(GET_JSON_OBJECT(body, '$.day_on') AS DATE) AS day_on,
  GET_JSON_OBJECT(body, '$.state') AS provider_state,
  GET_JSON_OBJECT(body, '$.task') AS task,
  FROM_JSON(GET_JSON_OBJECT(body, '$.drift'), 'ARRAY<STRING>') AS drift_words,
  source_time,
  seen_at
FROM raw__huggingface__providers AS huggingface__providers
