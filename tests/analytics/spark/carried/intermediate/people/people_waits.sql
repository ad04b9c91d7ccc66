WITH visits AS (
  SELECT
    channel_id,
    MAX(COALESCE(as_of_at, last_run_at)) AS as_of_at,
    MAX(reach_at) AS reach_at,
    MIN(first_run_at) AS roles_known_from_at
  FROM metrics__change_visits AS change_visits
  WHERE
    thing = 'pulls'
  GROUP BY
    channel_id
), changes AS (
  SELECT
    c.change_id,
    c.family_id,
    c.channel_role,
    c.author_role,
    c.opened_at,
    c.closed_at,
    c.merged_at,
    v.reach_at,
    COALESCE(v.as_of_at, c.seen_at) AS as_of_at,
    v.roles_known_from_at,
    ROW_NUMBER() OVER (
      PARTITION BY c.family_id, c.actor_id
      ORDER BY c.opened_at NULLS LAST, c.change_id NULLS LAST
    ) AS place,
    c.actor_id,
    COALESCE(v.reach_at, MIN(c.opened_at) OVER (PARTITION BY c.channel_id)) AS read_from_at
  FROM staging__changes AS c
  LEFT JOIN visits AS v
    ON v.channel_id = c.channel_id
  WHERE
    NOT c.family_id IS NULL
)
SELECT
  'change' AS subject,
  c.change_id AS item_id,
  c.family_id,
  'tracker' AS channel_kind,
  c.channel_role,
  TRUE AS is_pooled,
  TRUE AS is_apart,
  s.segment,
  (
    UNIX_MICROS(c.as_of_at) - UNIX_MICROS(c.opened_at)
  ) / NULLIF(CAST(86400e6 AS DOUBLE), 0) AS age_days,
  c.opened_at AS from_at,
  c.as_of_at AS observed_until_at,
  COALESCE(c.merged_at, c.closed_at) AS until_at,
  CASE
    WHEN NOT c.merged_at IS NULL
    THEN 'merged'
    WHEN NOT c.closed_at IS NULL
    THEN 'closed'
  END AS cause,
  CASE
    WHEN c.opened_at < c.reach_at
    THEN 'older than the completely read period'
    WHEN s.segment = 'first'
    AND (
      UNIX_MICROS(c.opened_at) - UNIX_MICROS(c.read_from_at)
    ) / NULLIF(CAST(86400e6 AS DOUBLE), 0) < r.min_history_days
    THEN 'of authors first seen in the first year that was read'
  END AS reason
FROM metrics__rules AS r
CROSS JOIN VALUES
  ('all'),
  ('first'),
  ('since_visit') AS s(segment)
JOIN changes AS c
  ON s.segment = 'all'
  OR (
    s.segment = 'first' AND c.place = 1 AND NOT c.actor_id IS NULL
  )
  OR (
    s.segment = 'since_visit'
    AND COALESCE(c.opened_at >= c.roles_known_from_at, TRUE)
  )
WHERE
  c.author_role = 'outsider'
UNION ALL
SELECT
  'return',
  p.person_id,
  p.family_id,
  p.channel_kind,
  p.channel_role,
  p.is_pooled,
  TRUE,
  s.segment,
  p.age_days,
  p.first_at,
  p.as_of_at,
  p.returned_at,
  NULL,
  CASE
    WHEN NOT p.is_known_first
    THEN 'first seen in the first year that was read'
  END
FROM VALUES
  ('all'),
  ('askers'),
  ('answerers'),
  ('contributors') AS s(segment)
JOIN metrics__people_activity AS p
  ON s.segment IN ('all', p.first_activity)
WHERE
  p.activity = 'all'
