SELECT
  family_id,
  tuning_method,
  CASE
    WHEN tuning_method = 'weights'
    THEN 'own weights'
    WHEN url LIKE '%aws.amazon.com%'
    OR url LIKE '%cloud.google.com%'
    OR url LIKE '%microsoft.com%'
    THEN 'cloud'
    ELSE 'maker'
  END AS offer_channel,
  from_on,
  CAST(until_on + INTERVAL '1' DAY AS DATE) AS ended_on,
  fact_words,
  url,
  as_of_on,
  is_stale
FROM staging__facts AS facts
WHERE
  fact_kind = 'fine-tuning'
