WITH looks AS (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY channel_id, model_id ORDER BY day_on DESC) AS from_newest,
    MAX(day_on) OVER (PARTITION BY channel_id) AS newest_on
  FROM staging__models_daily AS models_daily
  WHERE
    NOT family_id IS NULL
)
SELECT
  family_id,
  channel_id,
  model_id,
  'https://huggingface.co/' || model_id AS url,
  day_on,
  created_at,
  gated,
  LOWER(CASE WHEN licence = 'other' THEN licence_name ELSE licence END) AS licence_code,
  parameters,
  likes,
  live_providers_count,
  host_names,
  downloads_30d,
  downloads_all_time,
  finetunes,
  adapters,
  quantized,
  merges,
  base_models,
  LOWER(model_id) RLIKE 'awq|gptq|gguf|fp8|fp4|int4|int8|[48]-?bit|bnb|mlx' AS is_packed
FROM looks
WHERE
  from_newest = 1
  AND DATEDIFF(DAY, day_on, newest_on) <= 7
  AND COALESCE(renamed_on < day_on, TRUE)
