SELECT
  change_id AS item_id,
  family_id,
  channel_id || '/' || CONCAT(
    CAST(YEAR(
      DATE_ADD(CAST(opened_at AS DATE), 3 - MOD(DAYOFWEEK(CAST(opened_at AS DATE)) + 5, 7))
    ) AS STRING),
    '-W',
    LPAD(CAST(WEEKOFYEAR(CAST(opened_at AS DATE)) AS STRING), 2, '0')
  ) AS cluster_id,
  CAST(NULL AS STRING) AS answerer_id
FROM staging.changes
