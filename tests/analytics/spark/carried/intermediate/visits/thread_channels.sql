SELECT
  family_id,
  channel_kind,
  channel_role,
  channel_id,
  thing,
  as_of_at
FROM metrics__covered_channels AS covered_channels
WHERE
  subject = 'threads'
