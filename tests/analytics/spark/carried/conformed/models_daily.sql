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
  COALESCE(d.pipeline, l.pipeline) AS pipeline,
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
WITH looks AS (
  SELECT
    *
  FROM staging__huggingface__details AS huggingface__details
  WHERE
    model_state IN ('public', 'disabled')
), renamed AS (
  SELECT
    channel_id,
    asked_id,
    MAX(day_on) AS renamed_on,
    MAX_BY(model_id, day_on) FILTER(WHERE
      NOT model_id IS NULL) AS renamed_to
  FROM looks
  WHERE
    asked_id <> model_id
  GROUP BY
    channel_id,
    asked_id
), spelled AS (
  SELECT
    channel_id,
    model_id,
    MAX_BY(pipeline, day_on) FILTER(WHERE
      NOT pipeline IS NULL) AS pipeline,
    ' ' || ARRAY_JOIN(REGEXP_EXTRACT_ALL(LOWER(SPLIT_PART(model_id, '/', 2)), '[a-z]+|[0-9]+', 0), ' ') || ' ' AS words
  FROM kept__both_views AS both_views
  GROUP BY
    channel_id,
    model_id
), phrases AS (
  SELECT
    family_id,
    kind = 'masked' AS is_mask,
    ' ' || REPLACE(ARRAY_JOIN(words, ' '), '_', '') || ' ' AS phrase
  FROM raw__catalog__mentions AS catalog__mentions
  WHERE
    kind IN ('sure', 'weak', 'masked')
), named AS (
  SELECT
    s.channel_id,
    s.model_id
  FROM spelled AS s
  JOIN raw__catalog__channels AS c
    ON c.channel_id = s.channel_id
  JOIN phrases AS p
    ON p.family_id = c.family_id AND LOCATE(p.phrase, s.words) > 0
  WHERE
    s.pipeline IS NULL
    OR s.pipeline IN (
      'any-to-any',
      'audio-text-to-text',
      'image-text-to-text',
      'text-generation',
      'text2text-generation',
      'translation',
      'video-text-to-text',
      'visual-question-answering'
    )
  GROUP BY
    s.channel_id,
    s.model_id
  HAVING
    NOT BOOL_OR(p.is_mask)
)
SELECT
  b.model_id,
  b.channel_id,
  c.family_id,
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
  r.renamed_on,
  CASE WHEN b.day_on <= r.renamed_on THEN r.renamed_to END AS renamed_to,
  b.seen_at
FROM kept__both_views AS b
JOIN raw__catalog__channels AS c
  ON c.channel_id = b.channel_id
LEFT JOIN renamed AS r
  ON r.channel_id = b.channel_id AND r.asked_id = b.model_id
LEFT JOIN named AS n
  ON n.channel_id = b.channel_id AND n.model_id = b.model_id
WHERE
  NOT n.model_id IS NULL
  OR NOT b.asked_id IS NULL
  OR ARRAY_CONTAINS(c.models, b.model_id)
