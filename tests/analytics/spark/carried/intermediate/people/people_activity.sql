WITH parts AS (
  SELECT
    *,
    activity AS part
  FROM metrics.people_events
  UNION ALL
  SELECT
    *,
    'all'
  FROM metrics.people_events
), ordered AS (
  SELECT
    *,
    ROW_NUMBER() OVER (
      PARTITION BY person_id, part
      ORDER BY done_at NULLS LAST, event_id NULLS LAST, activity NULLS LAST
    ) AS place,
    MIN(done_at) OVER (PARTITION BY person_id, part) AS first_at,
    LAG(CAST(done_at AS DATE)) OVER (
      PARTITION BY person_id, part
      ORDER BY done_at NULLS LAST, event_id NULLS LAST, activity NULLS LAST
    ) AS last_active_on
  FROM parts
)
SELECT
  person_id,
  part AS activity,
  MAX(family_id) AS family_id,
  MAX(source) AS source,
  MAX(channel_kind) FILTER(WHERE
    place = 1) AS channel_kind,
  MAX(channel_role) FILTER(WHERE
    place = 1) AS channel_role,
  BOOL_OR(is_pooled) FILTER(WHERE
    place = 1) AS is_pooled,
  MAX(activity) FILTER(WHERE
    place = 1) AS first_activity,
  MAX(url) FILTER(WHERE
    place = 1) AS url,
  MIN(done_at) AS first_at,
  MAX(done_at) AS last_at,
  MIN(done_at) FILTER(WHERE
    (
      UNIX_MICROS(done_at) - UNIX_MICROS(first_at)
    ) / NULLIF(CAST(86400e6 AS DOUBLE), 0) >= 30) AS returned_at,
  MEDIAN(DATEDIFF(DAY, last_active_on, CAST(done_at AS DATE))) FILTER(WHERE
    last_active_on < CAST(done_at AS DATE)) AS gap_days,
  MAX(as_of_at) AS as_of_at,
  (
    UNIX_MICROS(MAX(as_of_at)) - UNIX_MICROS(MIN(done_at))
  ) / NULLIF(CAST(86400e6 AS DOUBLE), 0) AS age_days,
  COALESCE(
    MAX((
      UNIX_MICROS(done_at) - UNIX_MICROS(read_from_at)
    )) FILTER(WHERE
      place = 1) / NULLIF(CAST(86400e6 AS DOUBLE), 0) >= MAX(r.min_history_days),
    FALSE
  ) AS is_known_first
FROM metrics.rules AS r
CROSS JOIN ordered
GROUP BY
  person_id,
  part
