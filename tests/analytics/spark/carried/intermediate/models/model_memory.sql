SELECT
  m.family_id,
  m.channel_id,
  m.model_id,
  u.memory_use,
  u.is_tuning,
  m.parameters * u.parameter_bytes * u.overhead_ratio / NULLIF(POWER(2, 30), 0) AS memory_gib
FROM metrics__memory_uses AS u
CROSS JOIN metrics__newest_models AS m
WHERE
  m.parameters > 0 AND NOT m.is_packed
