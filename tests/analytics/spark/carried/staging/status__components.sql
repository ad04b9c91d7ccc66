SELECT
  channel_id,
  GET_JSON_OBJECT(body, '$.component_id') AS component_id,
  CAST(GET_JSON_OBJECT(body, '$.day_on') AS DATE) AS day_on,
  GET_JSON_OBJECT(body, '$.name') AS component_name,
  GET_JSON_OBJECT(body, '$.status_word') AS status_word,
  CAST(GET_JSON_OBJECT(body, '$.severity') AS INT) AS severity,
  CAST(GET_JSON_OBJECT(body, '$.changed_at') AS TIMESTAMP_NTZ) AS changed_at,
  FROM_JSON(GET_JSON_OBJECT(body, '$.drift'), 'ARRAY<STRING>') AS drift_words,
  source_time,
  seen_at
FROM raw__status__components AS status__components
