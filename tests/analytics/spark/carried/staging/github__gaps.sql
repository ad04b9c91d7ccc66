SELECT
  channel_id,
  CAST(GET_JSON_OBJECT(body, '$.number') AS BIGINT) AS number,
  GET_JSON_OBJECT(body, '$.kind') AS gap_kind,
  CAST(GET_JSON_OBJECT(body, '$.checked_at') AS TIMESTAMP_NTZ) AS checked_at,
  source_time,
  seen_at
FROM raw__github__gaps AS github__gaps
