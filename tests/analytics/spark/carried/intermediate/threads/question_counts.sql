WITH opened AS (
  SELECT
    t.family_id,
    t.channel_kind,
    CASE WHEN s.pools_roles THEN 'all' ELSE t.channel_role END AS channel_role,
    COUNT(*) AS questions_count
  FROM metrics__scopes AS s
  JOIN metrics__thread_responses AS t
    ON s.`window` = '30d'
    AND t.age_days <= s.window_days
    AND (
      t.is_own OR NOT s.pools_roles
    )
  WHERE
    NOT t.family_id IS NULL AND t.author_role <> 'bot'
  GROUP BY
    t.family_id,
    t.channel_kind,
    CASE WHEN s.pools_roles THEN 'all' ELSE t.channel_role END
), reaches AS (
  SELECT
    g.family_id,
    g.channel_kind,
    g.channel_role,
    BOOL_AND(
      k.reach_at IS NULL
      OR (
        UNIX_MICROS(g.as_of_at) - UNIX_MICROS(k.reach_at)
      ) / NULLIF(CAST(86400e6 AS DOUBLE), 0) >= 30
    ) AS is_whole
  FROM metrics__thread_channels AS g
  JOIN metrics__thread_visits AS k
    ON k.channel_id = g.channel_id AND k.thing = g.thing
  WHERE
    NOT g.as_of_at IS NULL
  GROUP BY
    g.family_id,
    g.channel_kind,
    g.channel_role
)
SELECT
  r.family_id,
  r.channel_kind,
  r.channel_role,
  r.is_whole,
  COALESCE(o.questions_count, 0) AS questions_count
FROM reaches AS r
LEFT JOIN opened AS o
  ON o.family_id = r.family_id
  AND o.channel_kind = r.channel_kind
  AND o.channel_role = r.channel_role
