WITH made AS (
  SELECT
    w.work,
    w.family_id,
    w.channel_kind,
    CASE WHEN s.pools_roles THEN 'all' ELSE w.channel_role END AS channel_role,
    s.`window`,
    w.actor_id,
    COUNT(*) AS works_count
  FROM metrics__scopes AS s
  JOIN metrics__people_works AS w
    ON w.age_days <= s.window_days AND (
      w.is_pooled OR NOT s.pools_roles
    )
  GROUP BY
    w.work,
    w.family_id,
    w.channel_kind,
    CASE WHEN s.pools_roles THEN 'all' ELSE w.channel_role END,
    s.`window`,
    w.actor_id
), sizes AS (
  SELECT
    work,
    family_id,
    channel_kind,
    channel_role,
    `window`,
    works_count,
    COUNT(*) AS people_count
  FROM made
  GROUP BY
    work,
    family_id,
    channel_kind,
    channel_role,
    `window`,
    works_count
), ranked AS (
  SELECT
    *,
    SUM(works_count * people_count) OVER (PARTITION BY work, family_id, channel_kind, channel_role, `window`) AS total_count,
    (
      SUM(works_count * people_count) OVER by_size
    ) - works_count * people_count AS before_count,
    (
      SUM(people_count) OVER by_size
    ) - people_count AS more_count
  FROM sizes
  WINDOW by_size AS (
    PARTITION BY work, family_id, channel_kind, channel_role, `window`
    ORDER BY works_count DESC
    rows BETWEEN UNBOUNDED preceding AND CURRENT ROW
  )
)
SELECT
  work,
  family_id,
  channel_kind,
  channel_role,
  `window`,
  t.statistic,
  CAST(MAX(total_count) AS BIGINT) AS works_count,
  CAST(MAX(
    more_count + LEAST(
      people_count,
      CEIL((
        total_count * t.share - before_count
      ) / NULLIF(works_count, 0))
    )
  ) FILTER(WHERE
    before_count < total_count * t.share) AS DOUBLE) AS people_count
FROM VALUES
  ('half', CAST(0.5 AS DOUBLE)),
  ('four_fifths', CAST(0.8 AS DOUBLE)) AS t(statistic, share)
CROSS JOIN ranked
GROUP BY
  work,
  family_id,
  channel_kind,
  channel_role,
  `window`,
  t.statistic
