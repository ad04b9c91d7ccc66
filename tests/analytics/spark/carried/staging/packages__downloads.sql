SELECT
  channel_id,
  GET_JSON_OBJECT(body, '$.package') AS package_name,
  CAST(GET_JSON_OBJECT(body, '$.day_on') AS DATE) AS downloaded_on,
  CAST(GET_JSON_OBJECT(body, '$.downloads') AS BIGINT) AS downloads_count,
  source_time,
  seen_at
FROM raw__packages__downloads AS packages__downloads
