WITH reasons AS (
  SELECT
    d.subject,
    d.family_id,
    d.channel_kind,
    CASE WHEN s.pools_roles THEN 'all' ELSE d.channel_role END AS channel_role,
    d.segment,
    s.`window`,
    REPLACE(d.exclusion_reason, 'negative', 'ended before they began') AS reason,
    COUNT(*) AS left_count
  FROM metrics__scopes AS s
  JOIN metrics__survival_durations AS d
    ON d.age_days <= s.window_days AND (
      d.is_pooled OR NOT s.pools_roles
    )
  WHERE
    d.is_excluded AND d.subject IN ('change', 'return')
  GROUP BY
    d.subject,
    d.family_id,
    d.channel_kind,
    CASE WHEN s.pools_roles THEN 'all' ELSE d.channel_role END,
    d.segment,
    s.`window`,
    REPLACE(d.exclusion_reason, 'negative', 'ended before they began')
)
SELECT
  subject,
  family_id,
  channel_kind,
  channel_role,
  segment,
  `window`,
  'Left out: ' || LISTAGG(CAST(left_count AS STRING) || ' ' || reason, ', ') WITHIN GROUP (ORDER BY
    reason NULLS LAST) || '.' AS exclusion_note
FROM reasons
GROUP BY
  subject,
  family_id,
  channel_kind,
  channel_role,
  segment,
  `window`
