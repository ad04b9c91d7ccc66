SELECT
  channel_id,
  GET_JSON_OBJECT(body, '$.incident_id') AS incident_id,
  GET_JSON_OBJECT(body, '$.title') AS title,
  GET_JSON_OBJECT(body, '$.url') AS url,
  GET_JSON_OBJECT(body, '$.kind') AS kind,
  GET_JSON_OBJECT(body, '$.status_word') AS status_word,
  GET_JSON_OBJECT(body, '$.severity_word') AS severity_word,
  CAST(GET_JSON_OBJECT(body, '$.severity') AS INT) AS severity,
  CAST(GET_JSON_OBJECT(body, '$.posted_at') AS TIMESTAMP_NTZ) AS posted_at,
  CAST(GET_JSON_OBJECT(body, '$.started_at') AS TIMESTAMP_NTZ) AS started_at,
  CAST(GET_JSON_OBJECT(body, '$.investigating_at') AS TIMESTAMP_NTZ) AS investigating_at,
  CAST(GET_JSON_OBJECT(body, '$.identified_at') AS TIMESTAMP_NTZ) AS identified_at,
  CAST(GET_JSON_OBJECT(body, '$.monitoring_at') AS TIMESTAMP_NTZ) AS monitoring_at,
  CAST(GET_JSON_OBJECT(body, '$.resolved_at') AS TIMESTAMP_NTZ) AS resolved_at,
  CAST(GET_JSON_OBJECT(body, '$.window_start_at') AS TIMESTAMP_NTZ) AS window_start_at,
  CAST(GET_JSON_OBJECT(body, '$.window_end_at') AS TIMESTAMP_NTZ) AS window_end_at,
  CAST(GET_JSON_OBJECT(body, '$.last_update_at') AS TIMESTAMP_NTZ) AS last_update_at,
  CAST(GET_JSON_OBJECT(body, '$.is_over') AS BOOLEAN) AS is_over,
  CAST(GET_JSON_OBJECT(body, '$.is_listed_open') AS BOOLEAN) AS is_listed_open,
  CAST(GET_JSON_OBJECT(body, '$.is_retro') AS BOOLEAN) AS is_retro,
  COALESCE(CAST(GET_JSON_OBJECT(body, '$.is_automatic') AS BOOLEAN), FALSE) AS is_automatic,
  COALESCE(CAST(GET_JSON_OBJECT(body, '$.is_beside') AS BOOLEAN), FALSE) AS is_beside,
  CAST(GET_JSON_OBJECT(body, '$.has_cause') AS BOOLEAN) AS has_cause,
  CAST(GET_JSON_OBJECT(body, '$.has_postmortem') AS BOOLEAN) AS has_postmortem,
  CAST(GET_JSON_OBJECT(body, '$.postmortem_at') AS TIMESTAMP_NTZ) AS postmortem_at,
  CAST(GET_JSON_OBJECT(body, '$.updates_count') AS INT) AS updates_count,
  FROM_JSON(GET_JSON_OBJECT(body, '$.component_ids'), 'ARRAY<STRING>') AS component_ids,
  FROM_JSON(GET_JSON_OBJECT(body, '$.component_names'), 'ARRAY<STRING>') AS component_names,
  FROM_JSON(GET_JSON_OBJECT(body, '$.drift'), 'ARRAY<STRING>') AS drift_words,
  CAST(GET_JSON_OBJECT(body, '$.rules_version') AS INT) AS rules_version,
  seen_at AS first_listed_at,
  CASE
    WHEN COALESCE(
      CAST(GET_JSON_OBJECT(body, '$.is_listed_open') AS BOOLEAN),
      NOT CAST(GET_JSON_OBJECT(body, '$.is_over') AS BOOLEAN),
      TRUE
    )
    THEN seen_at
  END AS open_seen_at,
  source_time,
  seen_at
FROM raw__status__incidents AS status__incidents
