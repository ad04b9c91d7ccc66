WITH names AS (
  SELECT
    m.family_id,
    m.listed_id,
    m.listed_at,
    REGEXP_REPLACE(
      LOWER(
        SPLIT_PART(CASE WHEN w.word = 'listed' THEN m.listed_id ELSE m.canonical_id END, '/', 2)
      ),
      '[^a-z0-9]',
      ''
    ) AS plain_name
  FROM VALUES
    ('listed'),
    ('canonical') AS w(word)
  CROSS JOIN staging__listed_models AS m
  WHERE
    NOT m.family_id IS NULL AND LOCATE(':', m.listed_id) = 0
), ranked AS (
  SELECT
    *,
    ROW_NUMBER() OVER (
      PARTITION BY family_id, plain_name
      ORDER BY listed_at NULLS LAST, listed_id NULLS LAST
    ) AS from_first
  FROM names
  WHERE
    plain_name <> ''
)
SELECT
  family_id,
  plain_name,
  listed_id
FROM ranked
WHERE
  from_first = 1
