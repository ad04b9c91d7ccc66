WITH spans AS (
  SELECT
    g.channel_id,
    g.family_id,
    g.channel_kind,
    g.channel_role,
    w.`window`,
    g.age_days,
    LEAST(w.window_days, MAX(g.age_days) OVER (PARTITION BY g.channel_id, w.`window`)) AS observed_days
  FROM metrics__release_gaps AS g
  JOIN metrics__scopes AS w
    ON NOT w.pools_roles
), counted AS (
  SELECT
    channel_id,
    family_id,
    channel_kind,
    channel_role,
    `window`,
    observed_days,
    COUNT(*) FILTER(WHERE
      age_days >= 0 AND age_days < observed_days) AS entries_count
  FROM spans
  GROUP BY
    channel_id,
    family_id,
    channel_kind,
    channel_role,
    `window`,
    observed_days
)
SELECT
  family_id,
  channel_kind,
  channel_role,
  `window`,
  SUM(observed_days) AS observed_days,
  CAST(SUM(entries_count) AS BIGINT) AS entries_count
FROM counted
GROUP BY
  family_id,
  channel_kind,
  channel_role,
  `window`
