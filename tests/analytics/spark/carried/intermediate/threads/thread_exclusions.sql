WITH left_out AS (
  SELECT
    family_id,
    channel_kind,
    channel_role,
    is_pooled,
    is_apart,
    age_days,
    segment,
    exclusion_reason AS reason
  FROM metrics__survival_durations AS survival_durations
  WHERE
    subject = 'response' AND is_excluded
  UNION ALL
  SELECT
    t.family_id,
    t.channel_kind,
    t.channel_role,
    t.is_own,
    s.is_apart,
    t.age_days,
    s.segment,
    'bot'
  FROM VALUES
    ('anyone', TRUE),
    ('staff', TRUE),
    ('maintainer', TRUE),
    ('outsider', TRUE),
    ('agent', TRUE),
    ('bots:strict', FALSE),
    ('bots:lenient', FALSE) AS s(segment, is_apart)
  CROSS JOIN metrics__thread_responses AS t
  WHERE
    t.author_role = 'bot' AND NOT t.family_id IS NULL
  UNION ALL
  SELECT
    c.family_id,
    t.channel_kind,
    t.channel_role,
    FALSE,
    TRUE,
    t.age_days,
    s.segment,
    'nobody'
  FROM VALUES
    ('anyone'),
    ('staff'),
    ('maintainer'),
    ('outsider'),
    ('agent') AS s(segment)
  CROSS JOIN metrics__thread_responses AS t
  JOIN metrics__channel_coverage AS c
    ON c.subject = 'threads'
    AND c.channel_kind = t.channel_kind
    AND c.channel_role = t.channel_role
  WHERE
    t.family_id IS NULL
  UNION ALL
  SELECT
    t.family_id,
    t.channel_kind,
    t.channel_role,
    t.is_own,
    TRUE,
    t.age_days,
    s.segment,
    'before visits'
  FROM VALUES
    ('anyone'),
    ('staff'),
    ('maintainer'),
    ('outsider') AS s(segment)
  CROSS JOIN metrics__thread_responses AS t
  WHERE
    t.is_before_visits AND t.author_role <> 'bot' AND NOT t.family_id IS NULL
)
SELECT
  l.family_id,
  l.channel_kind,
  CASE WHEN s.pools_roles THEN 'all' ELSE l.channel_role END AS channel_role,
  l.segment,
  s.`window`,
  COUNT(*) FILTER(WHERE
    l.reason = 'negative') AS negative_count,
  COUNT(*) FILTER(WHERE
    l.reason = 'not seen') AS part_seen_count,
  COUNT(*) FILTER(WHERE
    l.reason = 'before reach') AS before_reach_count,
  COUNT(*) FILTER(WHERE
    l.reason = 'bot') AS bot_opened_count,
  COUNT(*) FILTER(WHERE
    l.reason = 'nobody') AS unattributed_count,
  CASE
    WHEN COUNT(*) FILTER(WHERE
      l.reason = 'before visits') > 0
    THEN 'Roles in ' || COUNT(*) FILTER(WHERE
      l.reason = 'before visits') || ' threads are those at the first visit, which came later.'
  END AS role_note,
  CASE COUNT(*) FILTER(WHERE
      l.reason = 'not seen')
    WHEN 0
    THEN NULL
    WHEN 1
    THEN 'For 1 question it is not known whether it was answered: replies are missing.'
    ELSE 'For ' || COUNT(*) FILTER(WHERE
      l.reason = 'not seen') || ' questions it is not known whether they were answered: replies are missing.'
  END AS unseen_note,
  NULLIF(
    CONCAT_WS(
      ' ',
      CASE
        WHEN COUNT(*) FILTER(WHERE
          l.reason = 'negative') > 0
        THEN 'Left out: ' || COUNT(*) FILTER(WHERE
          l.reason = 'negative') || ' answered before they were asked (clocks disagree).'
      END,
      CASE
        WHEN COUNT(*) FILTER(WHERE
          l.reason = 'before reach') > 0
        THEN 'Left out: ' || COUNT(*) FILTER(WHERE
          l.reason = 'before reach') || ' older than the completely read period.'
      END,
      CASE
        WHEN COUNT(*) FILTER(WHERE
          l.reason = 'bot') > 0
        THEN 'Left out: ' || COUNT(*) FILTER(WHERE
          l.reason = 'bot') || ' opened by bots.'
      END,
      CASE
        WHEN COUNT(*) FILTER(WHERE
          l.reason = 'nobody') > 0
        THEN 'Left out: ' || COUNT(*) FILTER(WHERE
          l.reason = 'nobody') || ' of shared channels that name no family, or several.'
      END
    ),
    ''
  ) AS exclusion_note
FROM metrics__scopes AS s
JOIN left_out AS l
  ON l.age_days <= s.window_days
  AND (
    l.is_pooled AND s.pools_roles OR l.is_apart AND NOT s.pools_roles
  )
GROUP BY
  l.family_id,
  l.channel_kind,
  CASE WHEN s.pools_roles THEN 'all' ELSE l.channel_role END,
  l.segment,
  s.`window`
