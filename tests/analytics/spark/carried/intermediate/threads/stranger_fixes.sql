WITH fixes AS (
  SELECT
    thread_id,
    fixed_at AS solved_at,
    fixed_by_id AS fixer_id,
    'merged change' AS fix_kind,
    fix_url
  FROM staging__threads AS threads
  WHERE
    fixed_by_role = 'outsider' AND NOT fixed_at IS NULL
  UNION ALL
  SELECT
    thread_id,
    confirmed_at,
    actor_id,
    'confirmed snippet',
    url
  FROM metrics__confirmed_snippets AS confirmed_snippets
  WHERE
    author_role = 'outsider'
), ranked AS (
  SELECT
    f.*,
    ROW_NUMBER() OVER (
      PARTITION BY f.thread_id
      ORDER BY f.solved_at NULLS LAST, f.fix_kind NULLS LAST, f.fix_url NULLS LAST
    ) AS place
  FROM fixes AS f
  JOIN staging__threads AS t
    ON t.thread_id = f.thread_id
  WHERE
    f.solved_at >= t.opened_at
)
SELECT
  t.thread_id,
  t.family_id,
  t.channel_kind,
  t.channel_role,
  p.is_own AS is_pooled,
  p.age_days,
  t.title,
  t.url,
  f.fix_url,
  f.fix_kind,
  f.fixer_id,
  COALESCE(f.fixer_id = t.actor_id, FALSE) AS is_own_fix,
  t.opened_at,
  f.solved_at,
  (
    UNIX_MICROS(f.solved_at) - UNIX_MICROS(t.opened_at)
  ) / NULLIF(CAST(3600e6 AS DOUBLE), 0) AS fix_hours
FROM ranked AS f
JOIN staging__threads AS t
  ON t.thread_id = f.thread_id
JOIN metrics__thread_responses AS p
  ON p.thread_id = f.thread_id
WHERE
  f.place = 1 AND NOT t.family_id IS NULL AND t.author_role <> 'bot'
