WITH bursts AS (
  SELECT
    i.family_id,
    i.segment,
    i.`window`,
    COUNT(DISTINCT c.cluster_id) AS bursts_count
  FROM metrics__counted_incidents AS i
  JOIN metrics__incident_clusters AS c
    ON c.item_id = i.channel_id || '#' || i.incident_id
  GROUP BY
    i.family_id,
    i.segment,
    i.`window`
), counted AS (
  SELECT
    'incidents' AS rate,
    n.family_id,
    'status' AS channel_kind,
    'all' AS channel_role,
    n.segment,
    n.segment AS dispersion_segment,
    n.`window`,
    n.incidents_count AS events_count,
    b.bursts_count
  FROM metrics__incident_counts AS n
  LEFT JOIN bursts AS b
    ON b.family_id = n.family_id AND b.segment = n.segment AND b.`window` = n.`window`
  UNION ALL
  SELECT
    'incidents',
    n.family_id,
    'status',
    'all',
    'api or unattributed',
    'api',
    n.`window`,
    n.incidents_count + u.incidents_count,
    NULL
  FROM metrics__incident_counts AS n
  JOIN metrics__incident_counts AS u
    ON u.family_id = n.family_id
    AND u.`window` = n.`window`
    AND u.segment = 'unattributed'
  WHERE
    n.segment = 'api'
  UNION ALL
  SELECT
    'entries',
    family_id,
    channel_kind,
    channel_role,
    'all',
    'all',
    `window`,
    entries_count,
    NULL
  FROM metrics__changelog_counts AS changelog_counts
  UNION ALL
  SELECT
    'questions',
    family_id,
    channel_kind,
    channel_role,
    'all',
    'all',
    '30d',
    questions_count,
    NULL
  FROM metrics__question_counts AS question_counts
  UNION ALL
  SELECT
    'people',
    family_id,
    channel_kind,
    channel_role,
    activity,
    activity,
    `window`,
    people_count,
    NULL
  FROM metrics__new_people_counts AS new_people_counts
  UNION ALL
  SELECT
    'closings',
    d.family_id,
    d.channel_kind,
    CASE WHEN s.pools_roles THEN 'all' ELSE d.channel_role END,
    'all',
    'all',
    s.`window`,
    COUNT(*) FILTER(WHERE
      d.closed_days <= s.window_days),
    NULL
  FROM metrics__scopes AS s
  JOIN metrics__thread_closings AS d
    ON s.`window` <> 'all' AND (
      d.is_own OR NOT s.pools_roles
    )
  GROUP BY
    'closings',
    d.family_id,
    d.channel_kind,
    CASE WHEN s.pools_roles THEN 'all' ELSE d.channel_role END,
    'all',
    'all',
    s.`window`,
    NULL
)
SELECT
  c.rate,
  c.family_id,
  c.channel_kind,
  c.channel_role,
  c.segment,
  c.`window`,
  c.events_count,
  c.bursts_count,
  COALESCE(d.dispersion, r.assumed_dispersion) AS dispersion,
  COALESCE(d.comes_in_runs, FALSE) AS comes_in_runs
FROM metrics__rules AS r
CROSS JOIN counted AS c
LEFT JOIN metrics__event_dispersions AS d
  ON d.rate = c.rate
  AND d.family_id = c.family_id
  AND d.channel_kind = c.channel_kind
  AND d.channel_role = c.channel_role
  AND d.segment = c.dispersion_segment
