WITH copies AS (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY channel_id, thing, run_id, part ORDER BY load_id NULLS LAST) AS copy_number
  FROM raw__ledger__runs AS ledger__runs
), runs AS (
  SELECT
    channel_id,
    thing,
    run_id,
    ANY_VALUE(source) IGNORE NULLS AS source,
    MIN(started_at) AS started_at,
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
), visits AS (
  SELECT
    *,
    state = 'complete'
    AND is_plain
    AND COALESCE(LAG(state <> 'partial' AND is_plain) OVER in_time, FALSE) AS is_history
  FROM runs
  WINDOW in_time AS (PARTITION BY channel_id, thing ORDER BY started_at NULLS LAST, run_id NULLS LAST)
), counts AS (
  SELECT
    c.channel_id,
    c.table_name,
    f.run_id,
    c.rows_count,
    c.filled,
    ROW_NUMBER() OVER (
      PARTITION BY c.channel_id, c.table_name, f.run_id, f.part
      ORDER BY c.load_id NULLS LAST
    ) AS copy_number
  FROM raw__ledger__filled AS c
  JOIN ledger__files AS f
    ON f.load_id = c.load_id
), brought AS (
  SELECT
    v.source,
    c.channel_id,
    SPLIT_PART(c.table_name, '__', 2) AS thing,
    v.started_at,
    v.run_id,
    c.rows_count,
    c.filled,
    MEDIAN(c.rows_count) OVER (PARTITION BY c.channel_id, c.table_name) AS usual_rows
  FROM counts AS c
  LEFT JOIN staging__visited_things AS w
    ON w.source || '__' || w.thing = c.table_name
  JOIN visits AS v
    ON v.channel_id = c.channel_id
    AND v.run_id = c.run_id
    AND v.thing = COALESCE(w.visited_thing, SPLIT_PART(c.table_name, '__', 2))
  WHERE
    c.copy_number = 1 AND v.is_history
), samples AS (
  SELECT
    source,
    channel_id,
    thing,
    MIN(started_at) AS visited_at,
    MIN(run_id) AS first_run_id,
    SUM(rows_count) AS landed_count,
    FLATTEN(COLLECT_LIST(MAP_ENTRIES(filled))) AS entries
  FROM brought
  GROUP BY
    source,
    channel_id,
    thing,
    CASE
      WHEN usual_rows < 30
      THEN CAST(DATE_TRUNC('WEEK', started_at) AS STRING)
      ELSE run_id
    END
), placed AS (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY channel_id, thing ORDER BY visited_at DESC, first_run_id DESC) AS from_newest
  FROM samples
  WHERE
    landed_count >= 30
)
SELECT
  source,
  channel_id,
  thing,
  visited_at,
  landed_count AS rows_count,
  entries
FROM placed
WHERE
  from_newest <= 62
