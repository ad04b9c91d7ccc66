WITH looks AS (
  SELECT DISTINCT
    channel_id,
    CAST(started_at AS DATE) AS day_on
  FROM raw__ledger__runs AS ledger__runs
  WHERE
    source = 'prices' AND thing = 'models' AND state IN ('complete', 'unchanged')
), spans AS (
  SELECT
    *,
    LEAD(day_on) OVER (PARTITION BY channel_id, listed_id ORDER BY day_on NULLS LAST) AS until_on
  FROM staging__prices__models AS prices__models
)
SELECT
  s.listed_id,
  s.channel_id,
  m.family_id,
  l.day_on,
  s.input_usd,
  s.output_usd,
  s.cache_read_usd,
  s.cache_write_usd,
  s.reasoning_usd,
  s.request_usd,
  s.image_usd,
  s.is_price_variable,
  s.seen_at
FROM spans AS s
JOIN looks AS l
  ON l.channel_id = s.channel_id
  AND l.day_on >= s.day_on
  AND (
    s.until_on IS NULL OR l.day_on < s.until_on
  )
JOIN staging__listed_models AS m
  ON m.channel_id = s.channel_id AND m.listed_id = s.listed_id
WHERE
  s.is_listed AND NOT m.family_id IS NULL
