-- kept__meant
WITH promises AS (
  SELECT
    family_id,
    promised_days,
    as_of_on,
    model_patterns,
    applies_to <> '' AS is_of_class,
    COALESCE(from_on, as_of_on) AS known_from_on,
    COALESCE(until_on, CAST('9999-12-31' AS DATE)) AS known_until_on,
    COALESCE(until_on >= MAX(as_of_on) OVER (PARTITION BY family_id), TRUE) AS is_held
  FROM staging__facts AS facts
  WHERE
    fact_kind = 'notice' AND NOT promised_days IS NULL
)
SELECT
  n.notice_id,
  p.*,
  n.first_announced_on BETWEEN p.known_from_on AND p.known_until_on AS is_in_force
FROM metrics__model_notices AS n
JOIN promises AS p
  ON p.family_id = n.family_id
WHERE
  NOT p.is_of_class
  OR CARDINALITY(
    FILTER(p.model_patterns, pattern -> LOWER(n.model) LIKE REPLACE(LOWER(pattern), '*', '%'))
  ) > 0
WITH that_day AS (
  SELECT
    notice_id,
    promised_days,
    ROW_NUMBER() OVER (PARTITION BY notice_id ORDER BY is_of_class DESC, promised_days NULLS LAST) AS place
  FROM kept__meant AS meant
  WHERE
    is_in_force
), last_read AS (
  SELECT
    notice_id,
    promised_days,
    ROW_NUMBER() OVER (
      PARTITION BY notice_id
      ORDER BY is_of_class DESC, as_of_on DESC, promised_days NULLS LAST
    ) AS place
  FROM kept__meant AS meant
  WHERE
    is_held
)
SELECT
  n.notice_id,
  'that_day' AS statistic,
  m.promised_days
FROM metrics__model_notices AS n
LEFT JOIN that_day AS m
  ON m.notice_id = n.notice_id AND m.place = 1
UNION ALL
SELECT
  n.notice_id,
  'last_read',
  m.promised_days
FROM metrics__model_notices AS n
LEFT JOIN last_read AS m
  ON m.notice_id = n.notice_id AND m.place = 1
