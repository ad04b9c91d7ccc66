WITH spans AS (
  SELECT
    e.family_id,
    e.channel_kind,
    CASE WHEN s.pools_roles THEN 'all' ELSE e.channel_role END AS channel_role,
    a.activity,
    s.`window`,
    s.window_days,
    s.pools_roles,
    MAX(e.read_from_at) AS read_from_at,
    MAX(e.as_of_at) AS as_of_at
  FROM metrics__scopes AS s
  JOIN metrics__people_events AS e
    ON e.is_pooled OR NOT s.pools_roles
  JOIN VALUES
    ('askers', FALSE),
    ('answerers', FALSE),
    ('contributors', TRUE) AS a(activity, is_of_changes)
    ON a.is_of_changes = (
      e.thing = 'pulls'
    )
  GROUP BY
    e.family_id,
    e.channel_kind,
    CASE WHEN s.pools_roles THEN 'all' ELSE e.channel_role END,
    a.activity,
    s.`window`,
    s.window_days,
    s.pools_roles
)
SELECT
  s.family_id,
  s.channel_kind,
  s.channel_role,
  s.activity,
  s.`window`,
  GREATEST(
    0,
    LEAST(
      s.window_days,
      (
        UNIX_MICROS(s.as_of_at) - UNIX_MICROS(s.read_from_at)
      ) / NULLIF(CAST(86400e6 AS DOUBLE), 0) - r.min_history_days
    )
  ) AS observed_days,
  COUNT(p.person_id) FILTER(WHERE
    (
      UNIX_MICROS(p.first_at) - UNIX_MICROS(s.read_from_at)
    ) / NULLIF(CAST(86400e6 AS DOUBLE), 0) >= r.min_history_days) AS people_count,
  COUNT(p.person_id) FILTER(WHERE
    (
      UNIX_MICROS(p.first_at) - UNIX_MICROS(s.read_from_at)
    ) / NULLIF(CAST(86400e6 AS DOUBLE), 0) < r.min_history_days) AS left_out_count
FROM metrics__rules AS r
CROSS JOIN spans AS s
LEFT JOIN metrics__people_activity AS p
  ON p.family_id = s.family_id
  AND p.channel_kind = s.channel_kind
  AND p.activity = s.activity
  AND p.age_days <= s.window_days
  AND (
    (
      s.pools_roles AND p.is_pooled
    )
    OR (
      NOT s.pools_roles AND p.channel_role = s.channel_role
    )
  )
GROUP BY
  s.family_id,
  s.channel_kind,
  s.channel_role,
  s.activity,
  s.`window`,
  GREATEST(
    0,
    LEAST(
      s.window_days,
      (
        UNIX_MICROS(s.as_of_at) - UNIX_MICROS(s.read_from_at)
      ) / NULLIF(CAST(86400e6 AS DOUBLE), 0) - r.min_history_days
    )
  )
