SELECT
  r.thread_id,
  r.family_id,
  r.channel_kind,
  r.channel_role,
  r.is_own,
  r.state = 'open' AS is_open,
  CASE
    WHEN r.state <> 'open'
    THEN r.age_days - (
      UNIX_MICROS(t.closed_at) - UNIX_MICROS(r.opened_at)
    ) / NULLIF(CAST(86400e6 AS DOUBLE), 0)
  END AS closed_days,
  COALESCE(
    (
      UNIX_MICROS(v.as_of_at) - UNIX_MICROS(v.reach_at)
    ) / NULLIF(CAST(86400e6 AS DOUBLE), 0),
    1000000
  ) AS read_days
FROM metrics__thread_responses AS r
JOIN staging__threads AS t
  ON t.thread_id = r.thread_id
LEFT JOIN metrics__thread_visits AS v
  ON v.channel_id = t.channel_id AND v.thing = t.thing
WHERE
  r.channel_kind = 'tracker'
  AND NOT r.family_id IS NULL
  AND r.author_role <> 'bot'
  AND NOT r.is_before_reach
