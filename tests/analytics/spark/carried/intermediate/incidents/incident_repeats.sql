-- kept__titles
SELECT
  item_id,
  incident_items.segment AS segment,
  family_id,
  posted_at,
  FILTER(
    ARRAY_DISTINCT(SPLIT(REGEXP_REPLACE(LOWER(title), '[\\p{P}\\s]+', ' '), ' ')),
    word -> word <> ''
  ) AS words,
  FLOOR(UNIX_TIMESTAMP(posted_at) / 600) AS tenth
FROM metrics__incident_items AS incident_items
JOIN (
  SELECT DISTINCT
    channel_id,
    incident_id,
    segment
  FROM metrics__counted_incidents AS counted_incidents
) AS c
  ON incident_items.channel_id = c.channel_id
  AND incident_items.incident_id = c.incident_id
  AND incident_items.segment = c.segment
WITH near AS (
  SELECT
    l.item_id,
    l.segment,
    CARDINALITY(l.words) + CARDINALITY(e.words) AS words_count,
    CARDINALITY(ARRAY_INTERSECT(l.words, e.words)) AS common_count
  FROM (
    SELECT
      *,
      EXPLODE(ARRAY(tenth - 1, tenth)) AS near_tenth
    FROM kept__titles AS titles
  ) AS l
  JOIN kept__titles AS e
    ON e.family_id = l.family_id
    AND e.segment = l.segment
    AND e.tenth = l.near_tenth
    AND e.item_id <> l.item_id
    AND (
      e.posted_at < l.posted_at
      OR (
        e.posted_at = l.posted_at AND e.item_id < l.item_id
      )
    )
    AND (
      FLOOR(UNIX_MICROS(l.posted_at) / 1000000) - FLOOR(UNIX_MICROS(e.posted_at) / 1000000)
    ) <= 600
)
SELECT DISTINCT
  item_id,
  segment
FROM near
WHERE
  common_count > 0
  AND common_count >= CAST(0.5 AS DOUBLE) * (
    words_count - common_count
  )
