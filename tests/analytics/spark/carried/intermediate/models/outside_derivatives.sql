WITH named AS (
  SELECT
    family_id,
    LOWER(model_id) AS child_id,
    EXPLODE(base_models) AS base
  FROM metrics__newest_models AS newest_models
), children AS (
  SELECT DISTINCT
    family_id,
    child_id,
    SPLIT_PART(base, ':', 1) AS relation,
    LOWER(SPLIT_PART(base, ':', 2)) AS base_id
  FROM named
), own AS (
  SELECT
    family_id,
    base_id,
    COUNT(*) FILTER(WHERE
      relation = 'finetune') AS finetunes,
    COUNT(*) FILTER(WHERE
      relation = 'adapter') AS adapters,
    COUNT(*) FILTER(WHERE
      relation = 'quantized') AS quantized,
    COUNT(*) FILTER(WHERE
      relation = 'merge') AS merges
  FROM children
  WHERE
    base_id <> '' AND base_id <> child_id
  GROUP BY
    family_id,
    base_id
)
SELECT
  m.family_id,
  m.channel_id,
  m.model_id,
  m.url,
  m.finetunes - LEAST(m.finetunes, COALESCE(o.finetunes, 0)) AS finetunes,
  m.adapters - LEAST(m.adapters, COALESCE(o.adapters, 0)) AS adapters,
  m.quantized - LEAST(m.quantized, COALESCE(o.quantized, 0)) AS quantized,
  m.merges - LEAST(m.merges, COALESCE(o.merges, 0)) AS merges
FROM metrics__newest_models AS m
LEFT JOIN own AS o
  ON o.family_id = m.family_id AND o.base_id = LOWER(m.model_id)
