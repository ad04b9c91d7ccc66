SELECT
  memory_use,
  is_tuning,
  frozen_bytes,
  trained_share,
  overhead_ratio,
  frozen_bytes + 16 * trained_share AS parameter_bytes
FROM VALUES
  ('4-bit', FALSE, CAST(0.5 AS DOUBLE), CAST(0.0 AS DOUBLE), CAST(1.2 AS DOUBLE)),
  ('8-bit', FALSE, CAST(1.0 AS DOUBLE), CAST(0.0 AS DOUBLE), CAST(1.2 AS DOUBLE)),
  ('bf16', FALSE, CAST(2.0 AS DOUBLE), CAST(0.0 AS DOUBLE), CAST(1.2 AS DOUBLE)),
  ('QLoRA', TRUE, CAST(0.516 AS DOUBLE), CAST(0.01 AS DOUBLE), CAST(1.2 AS DOUBLE)),
  ('LoRA', TRUE, CAST(2.0 AS DOUBLE), CAST(0.01 AS DOUBLE), CAST(1.2 AS DOUBLE)),
  ('full', TRUE, CAST(0.0 AS DOUBLE), CAST(1.0 AS DOUBLE), CAST(1.2 AS DOUBLE)) AS t(memory_use, is_tuning, frozen_bytes, trained_share, overhead_ratio)
