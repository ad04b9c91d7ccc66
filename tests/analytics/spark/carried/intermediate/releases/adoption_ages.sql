WITH looks AS (
  SELECT
    family_id,
    COALESCE(renamed_to, model_id) AS model_id,
    downloads_all_time,
    DATEDIFF(DAY, CAST(created_at AS DATE), day_on) AS look_days,
    CASE
      WHEN parameters < CAST(2e9 AS DOUBLE)
      THEN 2
      WHEN parameters < CAST(9e9 AS DOUBLE)
      THEN 9
      WHEN parameters < CAST(40e9 AS DOUBLE)
      THEN 40
      WHEN parameters < CAST(150e9 AS DOUBLE)
      THEN 150
      ELSE 1000
    END AS size_class
  FROM staging__models_daily AS models_daily
  WHERE
    NOT family_id IS NULL
    AND NOT created_at IS NULL
    AND parameters > 0
    AND NOT downloads_all_time IS NULL
), reached AS (
  SELECT
    l.family_id,
    l.model_id,
    l.size_class,
    a.age_days,
    MAX_BY(l.downloads_all_time, l.look_days) FILTER(WHERE
      NOT l.downloads_all_time IS NULL) AS downloads_so_far
  FROM VALUES
    (30),
    (90),
    (180),
    (365) AS a(age_days)
  JOIN looks AS l
    ON l.look_days BETWEEN a.age_days - 3 AND a.age_days
  JOIN metrics__newest_models AS m
    ON m.model_id = l.model_id AND m.family_id = l.family_id
  WHERE
    NOT m.is_packed
  GROUP BY
    l.family_id,
    l.model_id,
    l.size_class,
    a.age_days
)
SELECT
  *,
  ROW_NUMBER() OVER (
    PARTITION BY size_class, age_days
    ORDER BY downloads_so_far DESC, model_id NULLS LAST
  ) AS place
FROM reached
