WITH named AS (
  SELECT
    channel_id,
    model_id,
    family_id,
    day_on,
    downloads_all_time
  FROM (
    SELECT
      channel_id,
      COALESCE(renamed_to, model_id) AS model_id,
      family_id,
      day_on,
      downloads_all_time,
      ROW_NUMBER() OVER (
        PARTITION BY channel_id, COALESCE(renamed_to, COALESCE(renamed_to, model_id)), day_on
        ORDER BY renamed_to, downloads_all_time DESC
      ) AS _w
    FROM staging__models_daily AS models_daily
    WHERE
      NOT family_id IS NULL AND NOT downloads_all_time IS NULL
  ) AS _t
  WHERE
    _w = 1
), looks AS (
  SELECT
    channel_id,
    model_id,
    family_id,
    day_on,
    downloads_all_time,
    LAG(downloads_all_time) OVER by_day AS previous_downloads,
    LAG(day_on) OVER by_day AS previous_on
  FROM named
  WINDOW by_day AS (PARTITION BY channel_id, model_id ORDER BY day_on NULLS LAST)
)
SELECT
  channel_id,
  model_id,
  family_id,
  day_on,
  previous_on,
  downloads_all_time,
  previous_downloads,
  COALESCE(downloads_all_time < previous_downloads, FALSE) AS is_anomaly,
  CASE
    WHEN downloads_all_time >= previous_downloads
    THEN (
      downloads_all_time - previous_downloads
    ) / NULLIF(CAST(DATEDIFF(DAY, previous_on, day_on) AS DOUBLE), 0)
  END AS downloads_per_day
FROM looks
