SELECT
  m.family_id,
  'hub' AS kept_kind,
  m.model_id AS item_id,
  m.url,
  m.licence_code,
  l.class_points,
  1 + CASE WHEN m.gated = 'no' THEN 1 WHEN NOT m.gated IS NULL THEN 0 END + CASE WHEN l.allows_changes THEN 1 ELSE 0 END + CASE WHEN l.allows_passing_on THEN 1 ELSE 0 END + CASE WHEN l.class_points >= 4 THEN 1 WHEN NOT l.class_points IS NULL THEN 0 END AS freedom_points
FROM metrics__newest_models AS m
LEFT JOIN metrics__licence_classes AS l
  ON l.licence_code = m.licence_code
UNION ALL
SELECT
  f.family_id,
  'facts',
  f.family_id,
  MIN(f.url),
  NULL,
  1,
  0
FROM staging__facts AS f
JOIN staging__families AS m
  ON m.family_id = f.family_id
WHERE
  f.fact_kind = 'licence'
  AND m.side = 'proprietary'
  AND COALESCE(f.until_on >= (
    SELECT
      day_on
    FROM metrics__visit_day AS visit_day
  ), TRUE)
GROUP BY
  f.family_id
