-- kept__counted
WITH begun AS (
  SELECT
    item_id,
    family_id,
    started_at,
    CAST(FLOOR(
      (
        UNIX_MICROS(started_at) - UNIX_MICROS(CAST('2000-01-01' AS TIMESTAMP_NTZ))
      ) / NULLIF(CAST(3600e6 AS DOUBLE), 0)
    ) AS BIGINT) AS began_hour
  FROM metrics__incident_items AS incident_items
  WHERE
    segment = 'all' AND is_start_known
), watched AS (
  SELECT
    b.item_id,
    b.began_hour,
    g.channel_id,
    g.thing
  FROM begun AS b
  JOIN metrics__thread_channels AS g
    ON g.family_id = b.family_id AND g.channel_role = 'all'
  JOIN metrics__thread_visits AS k
    ON k.channel_id = g.channel_id
    AND k.thing = g.thing
    AND (
      k.coverage_share >= 1 OR NOT k.reach_at IS NULL
    )
  WHERE
    (
      FLOOR(UNIX_MICROS(g.as_of_at) / 3600000000) - FLOOR(UNIX_MICROS(b.started_at) / 3600000000)
    ) > 3
    AND COALESCE(
      (
        FLOOR(UNIX_MICROS(b.started_at) / 3600000000) - FLOOR(UNIX_MICROS(k.reach_at) / 3600000000)
      ) > 24 * 63 + 3,
      TRUE
    )
), opened AS (
  SELECT
    channel_id,
    thing,
    CAST(FLOOR(
      (
        UNIX_MICROS(opened_at) - UNIX_MICROS(CAST('2000-01-01' AS TIMESTAMP_NTZ))
      ) / NULLIF(CAST(3600e6 AS DOUBLE), 0)
    ) AS BIGINT) AS opened_hour,
    COUNT(*) AS threads_count
  FROM staging__threads AS threads
  WHERE
    author_role IS DISTINCT FROM 'bot'
  GROUP BY
    channel_id,
    thing,
    CAST(FLOOR(
      (
        UNIX_MICROS(opened_at) - UNIX_MICROS(CAST('2000-01-01' AS TIMESTAMP_NTZ))
      ) / NULLIF(CAST(3600e6 AS DOUBLE), 0)
    ) AS BIGINT)
), around AS (
  SELECT
    o.channel_id,
    o.thing,
    o.opened_hour + s.shift AS around_hour,
    SUM(o.threads_count) AS threads_count
  FROM VALUES
    (-2),
    (-1),
    (0),
    (1),
    (2) AS s(shift)
  CROSS JOIN opened AS o
  GROUP BY
    o.channel_id,
    o.thing,
    o.opened_hour + s.shift
)
SELECT
  w.item_id,
  k.week,
  COALESCE(SUM(a.threads_count), 0) AS threads_count
FROM VALUES
  (0),
  (1),
  (2),
  (3),
  (4),
  (5),
  (6),
  (7),
  (8),
  (9) AS k(week)
CROSS JOIN watched AS w
LEFT JOIN around AS a
  ON a.channel_id = w.channel_id
  AND a.thing = w.thing
  AND a.around_hour = w.began_hour - 168 * k.week
GROUP BY
  w.item_id,
  k.week
WITH compared AS (
  SELECT
    c.item_id,
    t.statistic,
    c.threads_count,
    b.threads_count AS other_count,
    MEDIAN(b.threads_count) OVER (PARTITION BY c.item_id, t.statistic) AS base_count
  FROM VALUES
    ('burst', 0),
    ('week_before', 1) AS t(statistic, week)
  JOIN kept__counted AS c
    ON c.week = t.week
  JOIN kept__counted AS b
    ON b.item_id = c.item_id AND b.week BETWEEN t.week + 1 AND t.week + 8
)
SELECT
  item_id,
  statistic,
  CAST(MAX(threads_count) AS BIGINT) AS threads_count,
  MAX(base_count) AS base_count,
  MEDIAN(ABS(other_count - base_count)) AS spread_count,
  MAX(threads_count) >= MAX(base_count) + 3 * GREATEST(1, MEDIAN(ABS(other_count - base_count))) AS is_burst
FROM compared
GROUP BY
  item_id,
  statistic
