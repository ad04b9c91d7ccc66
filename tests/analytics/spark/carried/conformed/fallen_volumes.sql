-- kept__gaps
WITH copies AS (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY channel_id, thing, run_id, part ORDER BY load_id NULLS LAST) AS copy_number
  FROM raw__ledger__runs AS ledger__runs
), visits AS (
  SELECT
    channel_id,
    thing,
    run_id,
    MIN(started_at) AS started_at,
    SUM(rows) AS rows_count,
    MAX_BY(state, part) FILTER(WHERE
      NOT state IS NULL) AS state,
    COALESCE(MAX_BY(fault, part) FILTER(WHERE
      NOT fault IS NULL), 'none') IN ('none', 'items skipped') AS is_plain
  FROM copies
  WHERE
    copy_number = 1
  GROUP BY
    channel_id,
    thing,
    run_id
  HAVING
    MAX_BY(copies.state, part) FILTER(WHERE
      NOT copies.state IS NULL) IN ('complete', 'unchanged', 'partial')
)
SELECT
  *,
  (
    FLOOR(UNIX_MICROS(started_at) / 1000000) - FLOOR(UNIX_MICROS(LAG(started_at) OVER in_time) / 1000000)
  ) / NULLIF(CAST(3600.0 AS DOUBLE), 0) AS gap_hours,
  MAX(started_at) OVER (PARTITION BY channel_id, thing) - INTERVAL '56' DAYS AS from_at
FROM visits
WINDOW in_time AS (PARTITION BY channel_id, thing ORDER BY started_at NULLS LAST, run_id NULLS LAST)
-- kept__judged
WITH paces AS (
  SELECT
    channel_id,
    thing,
    MEDIAN(gap_hours) AS usual_hours
  FROM kept__gaps AS gaps
  WHERE
    started_at >= from_at
  GROUP BY
    channel_id,
    thing
), numbered AS (
  SELECT
    g.*,
    p.usual_hours,
    COUNT(CASE WHEN g.gap_hours IS NULL OR g.gap_hours >= p.usual_hours / 2 THEN 1 END) OVER (
      PARTITION BY g.channel_id, g.thing
      ORDER BY g.started_at NULLS LAST, g.run_id NULLS LAST
    ) AS turn
  FROM kept__gaps AS g
  JOIN paces AS p
    ON p.channel_id = g.channel_id AND p.thing = g.thing
), turns AS (
  SELECT
    channel_id,
    thing,
    turn,
    MAX(started_at) AS started_at,
    MAX(from_at) AS from_at,
    MAX(usual_hours) AS usual_hours,
    SUM(gap_hours) AS hours,
    SUM(rows_count) AS rows_count,
    BOOL_OR(state = 'complete') AS is_complete,
    BOOL_AND(state <> 'partial' AND is_plain) AS is_whole
  FROM numbered
  GROUP BY
    channel_id,
    thing,
    turn
)
SELECT
  *,
  rows_count / NULLIF(hours, 0) AS pace,
  ((DAYOFWEEK(started_at - MAKE_DT_INTERVAL(0, 0, 0, CAST(hours * 1800 AS BIGINT))) % 7) + 1) > 5 AS is_weekend,
  is_whole
  AND COALESCE(
    LAG(is_whole) OVER (PARTITION BY channel_id, thing ORDER BY turn NULLS LAST),
    FALSE
  ) AS is_history
FROM turns
WITH newest AS (
  SELECT
    *
  FROM (
    SELECT
      *,
      ROW_NUMBER() OVER (PARTITION BY channel_id, thing ORDER BY turn DESC) AS _w
    FROM kept__judged AS judged
    WHERE
      rows_count > 0 OR (
        is_complete AND is_history
      )
  ) AS _t
  WHERE
    _w = 1
), compared AS (
  SELECT
    n.channel_id,
    n.thing,
    n.started_at,
    n.rows_count,
    LEAST(n.hours, n.usual_hours) AS hours,
    h.pace,
    MEDIAN(h.pace) OVER (PARTITION BY n.channel_id, n.thing) AS middle_pace
  FROM newest AS n
  JOIN kept__judged AS h
    ON h.channel_id = n.channel_id
    AND h.thing = n.thing
    AND h.turn < n.turn
    AND h.is_history
    AND h.is_weekend = n.is_weekend
    AND h.started_at >= n.from_at
  WHERE
    n.is_history
), spreads AS (
  SELECT
    channel_id,
    thing,
    started_at,
    rows_count,
    hours,
    middle_pace,
    COUNT(*) AS turns_count,
    MIN(pace) AS least_pace,
    MEDIAN(ABS(pace - middle_pace)) AS spread
  FROM compared
  GROUP BY
    channel_id,
    thing,
    started_at,
    rows_count,
    hours,
    middle_pace
)
SELECT
  channel_id,
  thing,
  started_at AS visited_at,
  CAST(rows_count AS BIGINT) AS brought_count,
  CAST(ROUND(middle_pace * hours) AS BIGINT) AS usual_count
FROM spreads
WHERE
  turns_count >= 8
  AND middle_pace * hours >= 20
  AND rows_count < middle_pace * hours / 10
  AND (
    middle_pace - rows_count / NULLIF(hours, 0) > 5 * spread
    OR (
      turns_count >= 16
      AND least_pace * hours >= 20
      AND rows_count < least_pace * hours / 10
    )
  )
