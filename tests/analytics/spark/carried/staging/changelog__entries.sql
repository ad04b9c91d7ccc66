SELECT
  channel_id,
  GET_JSON_OBJECT(body, '$.entry_id') AS entry_id,
  GET_JSON_OBJECT(body, '$.title') AS title,
  GET_JSON_OBJECT(body, '$.url') AS url,
  CAST(GET_JSON_OBJECT(body, '$.published_at') AS TIMESTAMP_NTZ) AS published_at,
  COALESCE(
    GET_JSON_OBJECT(body, '$.date_kind'),
    CASE
      WHEN GET_JSON_OBJECT(body, '$.published_at') IS NULL
      THEN 'unknown'
      ELSE 'exact'
    END
  ) AS date_kind,
  CAST(GET_JSON_OBJECT(body, '$.is_prerelease') AS BOOLEAN) AS is_prerelease,
  CAST(GET_JSON_OBJECT(body, '$.is_breaking') AS BOOLEAN) AS is_breaking,
  CAST(GET_JSON_OBJECT(body, '$.features_count') AS INT) AS features_count,
  CAST(GET_JSON_OBJECT(body, '$.fixes_count') AS INT) AS fixes_count,
  source_time,
  seen_at
FROM raw__changelog__entries AS changelog__entries
