WITH told AS (
  SELECT
    channel_id,
    'incidents' AS thing,
    drift_words,
    seen_at
  FROM staging.status__incidents
  UNION ALL
  SELECT
    channel_id,
    'components' AS thing,
    drift_words,
    seen_at
  FROM staging.status__components
  UNION ALL
  SELECT
    channel_id,
    'days' AS thing,
    drift_words,
    seen_at
  FROM staging.status__days
  UNION ALL
  SELECT
    channel_id,
    'notices' AS thing,
    drift_words,
    seen_at
  FROM staging.deprecations__notices
  UNION ALL
  SELECT
    channel_id,
    'topics' AS thing,
    drift_words,
    seen_at
  FROM staging.discourse__topics
  UNION ALL
  SELECT
    channel_id,
    'discussions' AS thing,
    drift_words,
    seen_at
  FROM staging.huggingface__discussions
  UNION ALL
  SELECT
    channel_id,
    'providers' AS thing,
    drift_words,
    seen_at
  FROM staging.huggingface__providers
  UNION ALL
  SELECT
    channel_id,
    'models' AS thing,
    drift_words,
    seen_at
  FROM staging.prices__models
  UNION ALL
  SELECT
    channel_id,
    'questions' AS thing,
    drift_words,
    seen_at
  FROM staging.stackexchange__questions
), words AS (
  SELECT
    channel_id,
    thing,
    EXPLODE(drift_words) AS unknown_word,
    seen_at
  FROM told
)
SELECT
  channel_id,
  thing,
  unknown_word,
  COUNT(*) AS rows_count,
  MAX(seen_at) AS seen_at
FROM words
GROUP BY
  channel_id,
  thing,
  unknown_word
