WITH repositories AS (
  SELECT
    c.family_id,
    r.channel_id,
    MAX_BY(r.repository_id, r.day_on) FILTER(WHERE
      NOT r.repository_id IS NULL) AS repository_id,
    MAX_BY(r.full_name, r.day_on) FILTER(WHERE
      NOT r.full_name IS NULL) AS full_name
  FROM staging__github__repositories AS r
  JOIN raw__catalog__channels AS c
    ON c.channel_id = r.channel_id
  GROUP BY
    c.family_id,
    r.channel_id
), same_places AS (
  SELECT
    MIN(channel_id) AS channel_id,
    'repositories' AS thing,
    MAX(full_name) AS about,
    ARRAY_SORT(COLLECT_LIST(channel_id)) AS seen_names
  FROM repositories
  GROUP BY
    family_id,
    repository_id
  HAVING
    COUNT(*) > 1
  UNION ALL
  SELECT
    d.channel_id,
    'details',
    d.model_id,
    ARRAY_SORT(COLLECT_LIST(DISTINCT d.asked_id) || ARRAY(d.model_id))
  FROM staging__huggingface__details AS d
  JOIN raw__catalog__channels AS c
    ON c.channel_id = d.channel_id
  WHERE
    d.asked_id <> d.model_id
    AND ARRAY_CONTAINS(c.models, d.asked_id)
    AND ARRAY_CONTAINS(c.models, d.model_id)
  GROUP BY
    d.channel_id,
    d.model_id
), models AS (
  SELECT
    d.channel_id,
    d.asked_id,
    MAX_BY(d.model_state, d.day_on) FILTER(WHERE
      NOT d.model_state IS NULL) AS model_state
  FROM staging__huggingface__details AS d
  JOIN raw__catalog__channels AS c
    ON c.channel_id = d.channel_id
  WHERE
    ARRAY_CONTAINS(c.models, d.asked_id)
  GROUP BY
    d.channel_id,
    d.asked_id
)
SELECT
  channel_id,
  thing,
  'same place' AS warning_kind,
  about,
  seen_names,
  CAST(CARDINALITY(seen_names) AS BIGINT) AS warning_count
FROM same_places
UNION ALL
SELECT
  channel_id,
  'details',
  'model not read',
  model_state,
  ARRAY_SORT(COLLECT_LIST(asked_id)),
  COUNT(*)
FROM models
WHERE
  model_state IN ('gone', 'denied')
GROUP BY
  channel_id,
  model_state
