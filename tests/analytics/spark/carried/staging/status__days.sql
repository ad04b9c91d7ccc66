SELECT
  channel_id,
  GET_JSON_OBJECT(body, '$.component_id') AS component_id,
  CAST(GET_JSON_OBJECT(body, '$.day_on') AS DATE) AS day_on,
  GET_JSON_OBJECT(body, '$.name') AS component_name,
  GET_JSON_OBJECT(body, '$.status_word') AS status_word,
  CAST(GET_JSON_OBJECT(body, '$.severity') AS INT) AS severity,
  CAST(GET_JSON_OBJECT(body, '$.downtime_seconds') AS INT) AS downtime_seconds,
  CAST(GET_JSON_OBJECT(body, '$.maintenance_seconds') AS INT) AS maintenance_seconds,
  GET_JSON_OBJECT(body, '$.time_zone') AS time_zone,
  FROM_JSON(GET_JSON_OBJECT(body, '$.drift'), 'ARRAY<STRING>') AS drift_words,
  source_time,
  seen_at
FROM raw__status__days AS status__days
