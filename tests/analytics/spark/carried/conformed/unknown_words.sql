WITH told AS (
  SELECT
    channel_id,
    'incidents' AS thing,
    drift_words,
    seen_at
  FROM staging__status__incidents AS status__incidents
  UNION ALL
  SELECT
    channel_id,
    'components' AS thing,
    drift_words,
    seen_at
  FROM staging__status__components AS status__components
  UNION ALL
  SELECT
    channel_id,
    'days' AS thing,
    drift_words,
    seen_at
  FROM staging__status__days AS status__days
  UNION ALL
  SELECT
    channel_id,
    'notices' AS thing,
    drift_words,
    seen_at
  FROM staging__deprecations__notices AS deprecations__notices
  UNION ALL
  SELECT
    channel_id,
    'topics' AS thing,
    drift_words,
    seen_at
  FROM staging__discourse__topics AS discourse__topics
  UNION ALL
  SELECT
    channel_id,
    'discussions' AS thing,
    drift_words,
    seen_at
  FROM staging__huggingface__discussions AS huggingface__discussions
  UNION ALL
  SELECT
    channel_id,
    'providers' AS thing,
    drift_words,
    seen_at
  FROM staging__huggingface__providers AS huggingface__providers
  UNION ALL
  SELECT
    channel_id,
    'models' AS thing,
    drift_words,
    seen_at
  FROM staging__prices__models AS prices__models
  UNION ALL
  SELECT
    channel_id,
    'questions' AS thing,
    drift_words,
    seen_at
  FROM staging__stackexchange__questions AS stackexchange__questions
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
