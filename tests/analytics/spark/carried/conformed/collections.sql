WITH copies AS (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY channel_id, thing, run_id, part ORDER BY load_id NULLS LAST) AS copy_number
  FROM raw__ledger__runs AS ledger__runs
), parts AS (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY channel_id, thing, run_id ORDER BY part DESC) AS from_last
  FROM copies
  WHERE
    copy_number = 1
), runs AS (
  SELECT
    channel_id,
    thing,
    run_id,
    MIN(started_at) AS started_at,
    MAX(state) FILTER(WHERE
      from_last = 1) AS state,
    MAX(error) FILTER(WHERE
      from_last = 1) AS error,
    MAX(fault) FILTER(WHERE
      from_last = 1) AS fault,
    MAX(expected) FILTER(WHERE
      from_last = 1) AS expected,
    MAX(waiting) FILTER(WHERE
      from_last = 1) AS waiting,
    MAX(reach_at) FILTER(WHERE
      from_last = 1) AS reach_at,
    MAX(total - COALESCE(older, 0)) FILTER(WHERE
      from_last = 1) AS in_window,
    COALESCE(MAX(passed_over) FILTER(WHERE
      from_last = 1), 0) AS passed_over,
    SUM(rows) AS rows_count,
    SUM(requests) AS requests,
    MAX(load_id) AS load_id
  FROM parts
  GROUP BY
    channel_id,
    thing,
    run_id
), ranked AS (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY channel_id, thing ORDER BY started_at DESC, load_id DESC) AS from_newest,
    ROW_NUMBER() OVER (
      PARTITION BY channel_id, thing, state IN ('complete', 'unchanged', 'partial')
      ORDER BY started_at DESC, load_id DESC
    ) AS from_newest_alike,
    CAST(GREATEST(
      passed_over,
      1,
      COALESCE(
        NULLIF(in_window, 0),
        MAX(expected) OVER (PARTITION BY channel_id, thing),
        SUM(rows_count) OVER (PARTITION BY channel_id, thing)
      )
    ) AS DOUBLE) AS known_count
  FROM runs
)
SELECT
  ranked.channel_id AS channel_id,
  ranked.thing AS thing,
  MAX(started_at) FILTER(WHERE
    state IN ('complete', 'unchanged')) AS as_of_at,
  MAX(started_at) AS last_run_at,
  MAX(state) FILTER(WHERE
    from_newest = 1) AS last_state,
  NULLIF(MAX(error) FILTER(WHERE
    from_newest = 1), '') AS last_error,
  MAX(
    CASE
      WHEN NOT fault IS NULL
      THEN fault
      WHEN state IN ('complete', 'unchanged') AND COALESCE(error, '') = ''
      THEN 'none'
      ELSE 'unknown'
    END
  ) FILTER(WHERE
    from_newest = 1) AS last_fault,
  MAX(expected) FILTER(WHERE
    from_newest_alike = 1 AND state IN ('complete', 'unchanged', 'partial')) AS expected,
  (
    CAST(1.0 AS DOUBLE) - LEAST(
      CAST(1.0 AS DOUBLE),
      COALESCE(MAX(aside_count), 0) / NULLIF(GREATEST(CAST(1.0 AS DOUBLE), SUM(rows_count)), 0)
    )
  ) * MAX(
    CASE
      WHEN state IN ('complete', 'unchanged')
      AND COALESCE(fault, '') <> 'credentials missing'
      THEN CAST(1.0 AS DOUBLE) - passed_over / NULLIF(known_count, 0)
      WHEN expected > 0 AND NOT waiting IS NULL
      THEN GREATEST(
        CAST(0.0 AS DOUBLE),
        CAST(1.0 AS DOUBLE) - waiting / NULLIF(CAST(expected AS DOUBLE), 0) - passed_over / NULLIF(known_count, 0)
      )
      WHEN expected > 0 AND state = 'partial'
      THEN GREATEST(
        CAST(0.0 AS DOUBLE),
        LEAST(CAST(1.0 AS DOUBLE), rows_count / NULLIF(CAST(expected AS DOUBLE), 0)) - passed_over / NULLIF(known_count, 0)
      )
    END
  ) FILTER(WHERE
    from_newest_alike = 1 AND state IN ('complete', 'unchanged', 'partial')) AS coverage_share,
  MAX(CASE WHEN state = 'partial' THEN waiting ELSE 0 END) FILTER(WHERE
    from_newest_alike = 1 AND state IN ('complete', 'unchanged', 'partial')) AS waiting_count,
  CAST(MAX(passed_over) FILTER(WHERE
    from_newest = 1) AS BIGINT) AS passed_over_count,
  MIN(reach_at) AS reach_at,
  CAST(MAX(requests) FILTER(WHERE
    from_newest = 1) AS BIGINT) AS requests,
  MIN(started_at) AS first_run_at,
  CAST(COALESCE(MAX(aside_count), 0) AS BIGINT) AS set_aside_count
FROM ranked
LEFT JOIN (
  SELECT
    channel_id,
    visited_thing AS thing,
    SUM(landed_count) AS aside_count
  FROM staging__set_aside AS set_aside
  GROUP BY
    channel_id,
    visited_thing
) AS aside
  ON ranked.channel_id = aside.channel_id AND ranked.thing = aside.thing
GROUP BY
  ranked.channel_id,
  ranked.thing
