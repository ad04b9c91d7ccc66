-- kept__shares
WITH entries AS (
  SELECT
    source,
    channel_id,
    thing,
    visited_at,
    rows_count,
    EXPLODE(entries) AS entry
  FROM staging__filled_samples AS filled_samples
), counts AS (
  SELECT
    source,
    channel_id,
    thing,
    entry.key AS filled_field,
    visited_at,
    rows_count,
    SUM(entry.value) AS filled_count
  FROM entries
  GROUP BY
    source,
    channel_id,
    thing,
    entry.key,
    visited_at,
    rows_count
)
SELECT
  channel_id,
  thing,
  filled_field,
  visited_at,
  rows_count,
  filled_count / NULLIF(rows_count, 0) AS share,
  2 * ASIN(SQRT(filled_count / NULLIF(rows_count, 0))) AS angle,
  MIN(CASE WHEN filled_count > 0 THEN visited_at END) OVER (PARTITION BY source, thing, filled_field) AS first_at,
  ROW_NUMBER() OVER (PARTITION BY channel_id, thing, filled_field ORDER BY visited_at DESC) AS from_newest
FROM counts
WITH middles AS (
  SELECT
    channel_id,
    thing,
    filled_field,
    MEDIAN(share) AS usual_share,
    MEDIAN(angle) AS angle
  FROM kept__shares AS shares
  WHERE
    from_newest > 2 AND visited_at >= first_at
  GROUP BY
    channel_id,
    thing,
    filled_field
  HAVING
    COUNT(*) >= 8
), usual AS (
  SELECT
    m.channel_id,
    m.thing,
    m.filled_field,
    m.usual_share,
    m.angle,
    MEDIAN(ABS(s.angle - m.angle)) AS spread
  FROM middles AS m
  JOIN kept__shares AS s
    ON s.channel_id = m.channel_id
    AND s.thing = m.thing
    AND s.filled_field = m.filled_field
  WHERE
    s.from_newest > 2 AND s.visited_at >= s.first_at
  GROUP BY
    m.channel_id,
    m.thing,
    m.filled_field,
    m.usual_share,
    m.angle
)
SELECT
  n.channel_id,
  n.thing,
  n.filled_field,
  MIN(n.visited_at) AS differs_from_at,
  CAST(MIN_BY(n.rows_count, n.from_newest) FILTER(WHERE
    NOT n.rows_count IS NULL) AS BIGINT) AS brought_count,
  u.usual_share,
  MIN_BY(n.share, n.from_newest) FILTER(WHERE
    NOT n.share IS NULL) AS filled_share
FROM kept__shares AS n
JOIN usual AS u
  ON u.channel_id = n.channel_id
  AND u.thing = n.thing
  AND u.filled_field = n.filled_field
WHERE
  n.from_newest <= 2
GROUP BY
  n.channel_id,
  n.thing,
  n.filled_field,
  u.usual_share,
  u.angle
HAVING
  BOOL_AND(
    ABS(n.angle - u.angle) > 5 * GREATEST(u.spread, 1 / NULLIF(SQRT(n.rows_count), 0))
  )
  AND (
    BOOL_AND(u.angle - n.angle >= CAST(0.8 AS DOUBLE) OR n.share < u.usual_share / 10)
    OR (
      u.usual_share <= CAST(0.01 AS DOUBLE)
      AND BOOL_AND(n.angle - u.angle >= CAST(0.8 AS DOUBLE))
    )
  )
