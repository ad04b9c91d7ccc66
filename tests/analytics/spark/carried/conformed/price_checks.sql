WITH ranked_prices AS (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY channel_id, listed_id ORDER BY day_on DESC) AS from_last
  FROM staging__prices__models AS prices__models
), ranked_checks AS (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY channel_id, check_id ORDER BY day_on DESC) AS from_last
  FROM staging__prices__crosschecks AS prices__crosschecks
), prices AS (
  SELECT
    p.*,
    REGEXP_REPLACE(LOWER(p.listed_id), '[^a-z0-9]', '') AS plain_id,
    REGEXP_REPLACE(LOWER(COALESCE(p.canonical_id, p.listed_id)), '[^a-z0-9]', '') AS plain_canonical_id
  FROM ranked_prices AS p
  WHERE
    p.from_last = 1
    AND p.is_listed
    AND LOCATE(':', p.listed_id) = 0
    AND NOT p.input_usd IS NULL
    AND NOT p.output_usd IS NULL
), checks AS (
  SELECT
    *,
    REGEXP_REPLACE(LOWER(guessed_id), '[^a-z0-9]', '') AS plain_id
  FROM ranked_checks
  WHERE
    from_last = 1 AND is_listed
)
SELECT
  p.listed_id,
  p.channel_id,
  m.family_id,
  c.check_id,
  c.provider_name,
  p.input_usd,
  p.output_usd,
  c.input_usd AS check_input_usd,
  c.output_usd AS check_output_usd,
  ABS(c.input_usd - p.input_usd) > CAST(0.01 AS DOUBLE) * GREATEST(c.input_usd, p.input_usd)
  OR ABS(c.output_usd - p.output_usd) > CAST(0.01 AS DOUBLE) * GREATEST(c.output_usd, p.output_usd) AS is_different,
  p.expires_on,
  c.retires_on,
  c.seen_at
FROM checks AS c
JOIN prices AS p
  ON c.plain_id = p.plain_id OR c.plain_id = p.plain_canonical_id
JOIN staging__listed_models AS m
  ON m.channel_id = p.channel_id AND m.listed_id = p.listed_id
