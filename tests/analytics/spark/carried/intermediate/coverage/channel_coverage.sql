WITH seen AS (
  SELECT
    channel_id,
    family_id,
    channel_kind,
    CAST(COUNT(*) AS DOUBLE) AS held_count,
    COUNT(*) FILTER(WHERE
      NOT first_anyone_at IS NULL OR has_all_replies) AS seen_count
  FROM metrics__thread_responses AS thread_responses
  WHERE
    NOT family_id IS NULL AND author_role <> 'bot' AND NOT is_before_reach
  GROUP BY
    channel_id,
    family_id,
    channel_kind
), channels AS (
  SELECT
    *,
    CASE COALESCE(last_fault, '')
      WHEN ''
      THEN 'not visited yet'
      WHEN 'none'
      THEN 'not read to the end yet'
      WHEN 'unknown'
      THEN 'cause not recorded'
      ELSE last_fault
    END AS why
  FROM metrics__covered_channels AS covered_channels
), wanted AS (
  SELECT
    f.family_id,
    f.side,
    s.subject,
    s.channel_kind,
    'all' AS channel_role
  FROM metrics__covered_subjects AS s
  CROSS JOIN staging__families AS f
  UNION
  SELECT
    f.family_id,
    f.side,
    g.subject,
    g.channel_kind,
    g.channel_role
  FROM metrics__covered_channels AS g
  JOIN staging__families AS f
    ON f.family_id = g.family_id
)
SELECT
  w.subject,
  w.family_id,
  w.side,
  w.channel_kind,
  w.channel_role,
  COUNT(g.channel_id) AS channels_count,
  COUNT(g.as_of_at) AS collected_count,
  COALESCE(
    SUM(t.seen_count) FILTER(WHERE
      g.coverage_share > 0) / NULLIF(
      SUM(t.held_count / NULLIF(g.coverage_share, 0)) FILTER(WHERE
        g.coverage_share > 0),
      0
    ) * COUNT(g.as_of_at) / NULLIF(COUNT(g.channel_id), 0),
    AVG(CASE WHEN g.as_of_at IS NULL THEN 0 ELSE g.coverage_share END) FILTER(WHERE
      NOT g.channel_id IS NULL)
  ) AS coverage_share,
  MIN(g.as_of_at) AS as_of_at,
  CASE
    WHEN COUNT(g.channel_id) = 0
    THEN COALESCE(MAX(a.state), 'not collected')
    WHEN COUNT(g.as_of_at) = 0
    THEN 'not collected'
    ELSE 'measured'
  END AS coverage_state,
  CASE
    WHEN COUNT(g.channel_id) = 0
    THEN COALESCE(
      MAX(a.why),
      CASE
        WHEN w.channel_kind = 'offers'
        THEN 'This has not been read by hand yet.'
        ELSE 'The catalog names no channel of this kind.'
      END
    )
    WHEN COUNT(g.as_of_at) = 0
    THEN MIN(g.target || ': ' || g.why)
    WHEN COUNT(g.as_of_at) < COUNT(g.channel_id)
    THEN 'Not collected: ' || MIN(g.target || ' (' || g.why || ')') FILTER(WHERE
      g.as_of_at IS NULL) || CASE
      WHEN COUNT(g.channel_id) - COUNT(g.as_of_at) > 1
      THEN ' and others.'
      ELSE '.'
    END
    WHEN w.channel_kind = 'subreddit'
    THEN 'Posts of the last 180 days only, at most the newest thousand of a first visit. Of very large threads ' || 'not all comments are read. Posts that only link elsewhere ask nothing and do not count.'
  END AS coverage_note
FROM wanted AS w
LEFT JOIN channels AS g
  ON g.subject = w.subject
  AND g.family_id = w.family_id
  AND g.channel_kind = w.channel_kind
  AND g.channel_role = w.channel_role
LEFT JOIN seen AS t
  ON w.subject = 'threads'
  AND t.channel_id = g.channel_id
  AND t.family_id = w.family_id
  AND t.channel_kind = w.channel_kind
LEFT JOIN staging__absences AS a
  ON a.family_id = w.family_id AND a.channel_kind = w.channel_kind
GROUP BY
  w.subject,
  w.family_id,
  w.side,
  w.channel_kind,
  w.channel_role
