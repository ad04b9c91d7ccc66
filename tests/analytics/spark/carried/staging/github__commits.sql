SELECT
  channel_id,
  GET_JSON_OBJECT(body, '$.sha') AS sha,
  GET_JSON_OBJECT(body, '$.url') AS url,
  CAST(GET_JSON_OBJECT(body, '$.authored_at') AS TIMESTAMP_NTZ) AS authored_at,
  CAST(GET_JSON_OBJECT(body, '$.committed_at') AS TIMESTAMP_NTZ) AS committed_at,
  GET_JSON_OBJECT(body, '$.actor') AS actor_id,
  GET_JSON_OBJECT(body, '$.role') AS author_role,
  FROM_JSON(GET_JSON_OBJECT(body, '$.coauthors'), 'ARRAY<STRING>') AS coauthor_ids,
  CAST(GET_JSON_OBJECT(body, '$.is_merge') AS BOOLEAN) AS is_merge,
  CAST(GET_JSON_OBJECT(body, '$.is_linked') AS BOOLEAN) AS is_linked,
  CAST(GET_JSON_OBJECT(body, '$.is_dropped') AS BOOLEAN) AS is_dropped,
  CAST(GET_JSON_OBJECT(body, '$.has_agent') AS BOOLEAN) AS has_agent,
  source_time,
  seen_at
FROM raw__github__commits AS github__commits
