WITH kinds AS (
  SELECT
    subject,
    family_id,
    channel_kind,
    channel_role AS member_role,
    segment,
    BOOL_OR(is_pooled) AS is_pooled,
    BOOL_OR(is_apart) AS is_apart,
    COUNT(*) AS n
  FROM metrics__survival_durations AS survival_durations
  WHERE
    NOT is_excluded
  GROUP BY
    subject,
    family_id,
    channel_kind,
    channel_role,
    segment
), scoped AS (
  SELECT
    k.subject,
    k.family_id,
    k.channel_kind,
    k.member_role,
    k.segment,
    s.`window`,
    s.window_days,
    s.pools_roles,
    CASE WHEN s.pools_roles THEN 'all' ELSE k.member_role END AS channel_role,
    k.n,
    k.subject IN ('first', 'help', 'recovery', 'resolution')
    AND k.segment IN ('all', 'api')
    OR k.subject = 'response'
    AND (
      k.segment IN ('anyone', 'staff', 'maintainer', 'outsider', 'agent')
      OR k.segment LIKE '%:%'
    ) AS is_curve
  FROM metrics__scopes AS s
  JOIN kinds AS k
    ON (
      s.pools_roles AND k.is_pooled
    ) OR (
      NOT s.pools_roles AND k.is_apart
    )
)
SELECT
  XXHASH64(
    COALESCE(CAST(c.subject AS STRING), '\0'),
    COALESCE(CAST(c.family_id AS STRING), '\0'),
    COALESCE(CAST(c.channel_kind AS STRING), '\0'),
    COALESCE(CAST(c.member_role AS STRING), '\0'),
    COALESCE(CAST(c.segment AS STRING), '\0')
  ) AS kind_id,
  XXHASH64(
    COALESCE(CAST(c.subject AS STRING), '\0'),
    COALESCE(CAST(c.family_id AS STRING), '\0'),
    COALESCE(CAST(c.channel_kind AS STRING), '\0'),
    COALESCE(CAST(c.channel_role AS STRING), '\0'),
    COALESCE(CAST(c.segment AS STRING), '\0'),
    COALESCE(CAST(c.`window` AS STRING), '\0')
  ) AS stratum_id,
  c.subject,
  c.family_id,
  c.channel_kind,
  c.member_role,
  c.segment,
  c.`window`,
  c.window_days,
  c.pools_roles,
  c.channel_role,
  c.is_curve
  AND SUM(c.n) OVER (
    PARTITION BY c.subject, c.family_id, c.channel_kind, c.channel_role, c.segment, c.`window`
  ) >= r.min_items_count AS is_drawn
FROM metrics__rules AS r
CROSS JOIN scoped AS c
