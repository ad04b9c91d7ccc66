SELECT
  channel_id,
  thing,
  MIN(opened_at) AS first_at,
  MAX(observed_until_at) AS last_seen_at
FROM staging__threads AS threads
GROUP BY
  channel_id,
  thing
