SELECT
  channel_id,
  GET_JSON_OBJECT(body, '$.notice_code') AS notice_code,
  CAST(GET_JSON_OBJECT(body, '$.event_number') AS BIGINT) AS event_number,
  GET_JSON_OBJECT(body, '$.event') AS event,
  CAST(GET_JSON_OBJECT(body, '$.changed_at') AS TIMESTAMP_NTZ) AS change_seen_at,
  CAST(GET_JSON_OBJECT(body, '$.last_seen_at') AS TIMESTAMP_NTZ) AS last_seen_at,
  CAST(GET_JSON_OBJECT(body, '$.old_shutdown_on') AS DATE) AS old_shutdown_on,
  GET_JSON_OBJECT(body, '$.old_shutdown_kind') AS old_shutdown_kind,
  CAST(GET_JSON_OBJECT(body, '$.new_shutdown_on') AS DATE) AS new_shutdown_on,
  GET_JSON_OBJECT(body, '$.new_shutdown_kind') AS new_shutdown_kind,
  CAST(GET_JSON_OBJECT(body, '$.held_new_count') AS BIGINT) AS held_new_count,
  CAST(GET_JSON_OBJECT(body, '$.held_vanished_count') AS BIGINT) AS held_vanished_count,
  source_time,
  seen_at
FROM raw__deprecations__notice_events AS deprecations__notice_events
