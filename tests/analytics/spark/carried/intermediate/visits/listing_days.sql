SELECT
  channel_id,
  CAST(as_of_at AS DATE) AS day_on
FROM staging__collections AS collections
WHERE
  thing = 'models'
