SELECT
  channel_id,
  GET_JSON_OBJECT(body, '$.entry_id') AS check_id,
  CAST(GET_JSON_OBJECT(body, '$.day_on') AS DATE) AS day_on,
  CAST(GET_JSON_OBJECT(body, '$.is_listed') AS BOOLEAN) AS is_listed,
  GET_JSON_OBJECT(body, '$.model_id') AS guessed_id,
  GET_JSON_OBJECT(body, '$.provider') AS provider_name,
  ROUND(CAST(GET_JSON_OBJECT(body, '$.prompt_usd') AS DOUBLE) * CAST(1e6 AS DOUBLE), 6) AS input_usd,
  ROUND(CAST(GET_JSON_OBJECT(body, '$.completion_usd') AS DOUBLE) * CAST(1e6 AS DOUBLE), 6) AS output_usd,
  CAST(GET_JSON_OBJECT(body, '$.retires_on') AS DATE) AS retires_on,
  source_time,
  seen_at
FROM raw__prices__crosschecks AS prices__crosschecks
