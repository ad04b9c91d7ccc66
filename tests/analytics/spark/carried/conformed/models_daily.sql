-- kept__both_views
WITH looks AS (
  SELECT
    *
  FROM staging__huggingface__details AS huggingface__details
  WHERE
    model_state IN ('public', 'disabled')
), live AS (
  SELECT
    channel_id,
    model_id,
    day_on,
    COUNT(*) AS live_count,
    LISTAGG(provider, ', ') WITHIN GROUP (ORDER BY
      provider NULLS LAST) AS host_names
  FROM staging__huggingface__providers AS huggingface__providers
  WHERE
    provider_state = 'live'
  GROUP BY
    channel_id,
    model_id,
    day_on
)
SELECT
  COALESCE(d.channel_id, l.channel_id) AS channel_id,
  COALESCE(d.model_id, l.model_id) AS model_id,
  COALESCE(d.day_on, l.day_on) AS day_on,
  d.asked_id,
  COALESCE(d.downloads_30d, l.downloads_30d) AS downloads_30d,
  COALESCE(d.downloads_all_time, l.downloads_all_time) AS downloads_all_time,
  COALESCE(d.likes, l.likes) AS likes,
  COALESCE(d.gated, l.gated) AS gated,
  COALESCE(d.licence, l.licence) AS licence,
  COALESCE(d.parameters, l.parameters) AS parameters,
  COALESCE(d.created_at, l.created_at) AS created_at,
  COALESCE(d.base_models, l.base_models) AS base_models,
  d.finetunes,
  d.adapters,
  d.quantized,
  d.merges,
  d.licence_name,
  d.licence_url,
  d.library_name,
  d.spaces_count,
  CASE WHEN NOT d.providers_count IS NULL THEN COALESCE(v.live_count, 0) END AS live_providers_count,
  v.host_names,
  GREATEST(COALESCE(d.seen_at, l.seen_at), COALESCE(l.seen_at, d.seen_at)) AS seen_at
FROM staging__huggingface__models AS l
FULL OUTER JOIN looks AS d
  ON d.channel_id = l.channel_id AND d.model_id = l.model_id AND d.day_on = l.day_on
LEFT JOIN live AS v
  ON v.channel_id = d.channel_id AND v.model_id = d.model_id AND v.day_on = d.day_on
WITH listed AS (
  SELECT
    family_id,
    EXPLODE(mentions) AS mention
  FROM raw__catalog__families AS catalog__families
), names AS (
  SELECT
    family_id,
    REGEXP_REPLACE(LOWER(mention), '[^a-z0-9]', '') AS word
  FROM listed
), kept AS (
  SELECT
    b.channel_id,
    b.model_id,
    b.day_on,
    MAX(c.family_id) AS family_id
  FROM kept__both_views AS b
  JOIN raw__catalog__channels AS c
    ON c.channel_id = b.channel_id
  LEFT JOIN names AS n
    ON n.family_id = c.family_id
    AND n.word <> ''
    AND LOCATE(n.word, REGEXP_REPLACE(LOWER(SPLIT_PART(b.model_id, '/', 2)), '[^a-z0-9]', '')) > 0
  WHERE
    NOT n.word IS NULL
    OR NOT b.asked_id IS NULL
    OR ARRAY_CONTAINS(c.models, b.model_id)
  GROUP BY
    b.channel_id,
    b.model_id,
    b.day_on
)
SELECT
  b.model_id,
  b.channel_id,
  k.family_id,
  b.day_on,
  b.downloads_30d,
  b.downloads_all_time,
  b.likes,
  b.gated,
  b.licence,
  b.parameters,
  b.created_at,
  b.finetunes,
  b.adapters,
  b.quantized,
  b.merges,
  b.licence_name,
  b.licence_url,
  b.library_name,
  b.spaces_count,
  b.live_providers_count,
  b.host_names,
  b.base_models,
  b.seen_at
FROM kept__both_views AS b
JOIN kept AS k
  ON k.channel_id = b.channel_id AND k.model_id = b.model_id AND k.day_on = b.day_on
