SELECT
  channel_id,
  CAST(GET_JSON_OBJECT(body, '$.day_on') AS DATE) AS day_on,
  CAST(GET_JSON_OBJECT(body, '$.health_percentage') AS BIGINT) AS health_percentage,
  CAST(GET_JSON_OBJECT(body, '$.has_description') AS BOOLEAN) AS has_description,
  CAST(GET_JSON_OBJECT(body, '$.has_documentation') AS BOOLEAN) AS has_documentation,
  CAST(GET_JSON_OBJECT(body, '$.has_code_of_conduct') AS BOOLEAN) AS has_code_of_conduct,
  CAST(GET_JSON_OBJECT(body, '$.has_contributing') AS BOOLEAN) AS has_contributing,
  CAST(GET_JSON_OBJECT(body, '$.has_issue_template') AS BOOLEAN) AS has_issue_template,
  CAST(GET_JSON_OBJECT(body, '$.has_pull_request_template') AS BOOLEAN) AS has_pull_request_template,
  CAST(GET_JSON_OBJECT(body, '$.has_licence') AS BOOLEAN) AS has_licence,
  CAST(GET_JSON_OBJECT(body, '$.has_readme') AS BOOLEAN) AS has_readme,
  source_time,
  seen_at
FROM raw__github__communities AS github__communities
