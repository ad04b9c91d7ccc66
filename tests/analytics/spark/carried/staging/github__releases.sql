SELECT
  channel_id,
  CAST(GET_JSON_OBJECT(body, '$.release_id') AS BIGINT) AS release_id,
  GET_JSON_OBJECT(body, '$.version') AS version,
  GET_JSON_OBJECT(body, '$.title') AS title,
  GET_JSON_OBJECT(body, '$.url') AS url,
  CAST(GET_JSON_OBJECT(body, '$.released_at') AS TIMESTAMP_NTZ) AS released_at,
  CAST(GET_JSON_OBJECT(body, '$.is_prerelease') AS BOOLEAN) AS is_prerelease,
  CAST(GET_JSON_OBJECT(body, '$.has_breaking_note') AS BOOLEAN) AS is_breaking,
  source_time,
  seen_at
FROM raw__github__releases AS github__releases
