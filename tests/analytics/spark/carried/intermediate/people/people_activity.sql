-- kept__ordered
WITH parts AS (
  SELECT
    person_id,
    activity AS part,
    activity,
    event_id,
    done_at,
    as_of_at
  FROM metrics__people_events AS people_events
  UNION ALL
  SELECT
    person_id,
    'all',
    activity,
    event_id,
    done_at,
    as_of_at
  FROM metrics__people_events AS people_events
)
SELECT
  *,
  ROW_NUMBER() OVER (
    PARTITION BY person_id, part
    ORDER BY done_at NULLS LAST, event_id NULLS LAST, activity NULLS LAST
  ) AS place,
  FIRST_VALUE(done_at) OVER (
    PARTITION BY person_id, part
    ORDER BY done_at NULLS LAST, event_id NULLS LAST, activity NULLS LAST
  ) AS first_at,
  LAG(CAST(done_at AS DATE)) OVER (
    PARTITION BY person_id, part
    ORDER BY done_at NULLS LAST, event_id NULLS LAST, activity NULLS LAST
  ) AS last_active_on
FROM parts
WITH spans AS (
  SELECT
    person_id,
    part,
    MAX(activity) FILTER(WHERE
      place = 1) AS first_activity,
    MAX(event_id) FILTER(WHERE
      place = 1) AS first_event_id,
    MIN(done_at) AS first_at,
    MAX(done_at) AS last_at,
    MAX(as_of_at) AS as_of_at,
    MIN(done_at) FILTER(WHERE
      (
        UNIX_MICROS(done_at) - UNIX_MICROS(first_at)
      ) / NULLIF(CAST(86400e6 AS DOUBLE), 0) >= 30) AS returned_at
  FROM kept__ordered AS ordered
  GROUP BY
    person_id,
    part
), gaps AS (
  SELECT
    person_id,
    part,
    DATEDIFF(DAY, last_active_on, CAST(done_at AS DATE)) AS days
  FROM kept__ordered AS ordered
  WHERE
    last_active_on <> CAST(done_at AS DATE)
), placed AS (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY person_id, part ORDER BY days NULLS LAST) AS place,
    COUNT(*) OVER (PARTITION BY person_id, part) AS gaps
  FROM gaps
), medians AS (
  SELECT
    person_id,
    part,
    AVG(days) AS gap_days
  FROM placed
  WHERE
    place BETWEEN gaps / NULLIF(CAST(2.0 AS DOUBLE), 0) AND gaps / NULLIF(CAST(2.0 AS DOUBLE), 0) + 1
  GROUP BY
    person_id,
    part
)
SELECT
  s.person_id,
  s.part AS activity,
  e.family_id,
  e.source,
  e.channel_kind,
  e.channel_role,
  e.is_pooled,
  s.first_activity,
  e.url,
  s.first_at,
  s.last_at,
  s.returned_at,
  m.gap_days,
  s.as_of_at,
  (
    UNIX_MICROS(s.as_of_at) - UNIX_MICROS(s.first_at)
  ) / NULLIF(CAST(86400e6 AS DOUBLE), 0) AS age_days,
  COALESCE(
    (
      UNIX_MICROS(e.done_at) - UNIX_MICROS(e.read_from_at)
    ) / NULLIF(CAST(86400e6 AS DOUBLE), 0) >= r.min_history_days,
    FALSE
  ) AS is_known_first
FROM metrics__rules AS r
CROSS JOIN spans AS s
JOIN metrics__people_events AS e
  ON e.event_id = s.first_event_id AND e.activity = s.first_activity
LEFT JOIN medians AS m
  ON m.person_id = s.person_id AND m.part = s.part
