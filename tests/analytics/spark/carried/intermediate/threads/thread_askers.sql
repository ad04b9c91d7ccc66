WITH beginnings AS (
  SELECT
    t.thread_id,
    COALESCE(v.reach_at, p.first_at) AS read_from_at,
    ROW_NUMBER() OVER (
      PARTITION BY t.family_id, t.source, t.actor_id
      ORDER BY t.opened_at NULLS LAST, t.thread_id NULLS LAST
    ) AS place,
    t.opened_at,
    t.actor_id,
    t.family_id,
    t.author_role
  FROM staging__threads AS t
  LEFT JOIN metrics__thread_visits AS v
    ON v.channel_id = t.channel_id AND v.thing = t.thing
  LEFT JOIN metrics__thread_places AS p
    ON p.channel_id = t.channel_id AND p.thing = t.thing
)
SELECT
  thread_id,
  family_id,
  CASE WHEN place = 1 THEN 'newcomer' ELSE 'known' END AS segment
FROM metrics__rules AS r
CROSS JOIN beginnings
WHERE
  NOT actor_id IS NULL
  AND NOT family_id IS NULL
  AND author_role <> 'bot'
  AND (
    UNIX_MICROS(opened_at) - UNIX_MICROS(read_from_at)
  ) / NULLIF(CAST(86400e6 AS DOUBLE), 0) >= r.min_history_days
