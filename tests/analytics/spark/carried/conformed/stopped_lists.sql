WITH items AS (
  SELECT
    channel_id,
    'incidents' AS thing,
    posted_at AS dated_at
  FROM staging__status__incidents AS status__incidents
  UNION ALL
  SELECT
    channel_id,
    'entries',
    CASE
      WHEN date_kind = 'month'
      THEN published_at + INTERVAL '1' MONTH
      ELSE published_at
    END
  FROM staging__changelog__entries AS changelog__entries
), gaps AS (
  SELECT
    channel_id,
    thing,
    dated_at,
    (
      FLOOR(UNIX_MICROS(dated_at) / 1000000) - FLOOR(
        UNIX_MICROS(LAG(dated_at) OVER (PARTITION BY channel_id, thing ORDER BY dated_at NULLS LAST)) / 1000000
      )
    ) / NULLIF(CAST(86400.0 AS DOUBLE), 0) AS gap_in_days
  FROM items
  WHERE
    NOT dated_at IS NULL
), paces AS (
  SELECT
    channel_id,
    thing,
    MAX(dated_at) AS newest_dated_at,
    COUNT(*) AS dated_count,
    MEDIAN(gap_in_days) AS usual_gap_days
  FROM gaps
  GROUP BY
    channel_id,
    thing
  HAVING
    COUNT(*) >= 5
), visits AS (
  SELECT
    channel_id,
    thing,
    MAX(started_at) AS visited_at
  FROM raw__ledger__runs AS ledger__runs
  WHERE
    thing IN ('incidents', 'entries') AND state IN ('complete', 'unchanged')
  GROUP BY
    channel_id,
    thing
)
SELECT
  p.channel_id,
  p.thing,
  v.visited_at,
  p.newest_dated_at,
  p.usual_gap_days,
  p.dated_count
FROM paces AS p
JOIN visits AS v
  ON v.channel_id = p.channel_id AND v.thing = p.thing
WHERE
  (
    FLOOR(UNIX_MICROS(v.visited_at) / 1000000) - FLOOR(UNIX_MICROS(p.newest_dated_at) / 1000000)
  ) / NULLIF(CAST(86400.0 AS DOUBLE), 0) > GREATEST(120, 6 * p.usual_gap_days)
