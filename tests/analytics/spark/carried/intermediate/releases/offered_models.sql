WITH ranked AS (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY channel_id, listed_id ORDER BY day_on DESC) AS from_newest
  FROM staging__prices_daily AS prices_daily
), priced AS (
  SELECT
    channel_id,
    listed_id,
    day_on,
    CASE
      WHEN NOT COALESCE(is_price_variable, FALSE) AND input_usd + output_usd > 0
      THEN input_usd
    END AS input_usd,
    CASE
      WHEN NOT COALESCE(is_price_variable, FALSE) AND input_usd + output_usd > 0
      THEN output_usd
    END AS output_usd,
    CASE
      WHEN NOT COALESCE(is_price_variable, FALSE) AND cache_read_usd > 0
      THEN cache_read_usd
    END AS cache_read_usd
  FROM ranked
  WHERE
    from_newest = 1
)
SELECT
  m.family_id,
  m.channel_id,
  m.listed_id,
  'https://openrouter.ai/' || m.listed_id AS url,
  p.day_on AS priced_on,
  m.gone_on IS NULL AS is_listed,
  p.input_usd,
  p.output_usd,
  p.cache_read_usd,
  (
    3 * p.input_usd + p.output_usd
  ) / 4 AS blended_usd,
  m.context_tokens,
  m.input_kinds,
  m.supported_names,
  CARDINALITY(m.supported_names) AS controls_count,
  m.hub_id,
  f.side IS NULL OR f.side <> 'open' OR NOT m.hub_id IS NULL AS is_of_side
FROM staging__listed_models AS m
LEFT JOIN staging__families AS f
  ON f.family_id = m.family_id
LEFT JOIN priced AS p
  ON p.channel_id = m.channel_id AND p.listed_id = m.listed_id
WHERE
  NOT m.family_id IS NULL AND LOCATE(':', m.listed_id) = 0
