WITH starts AS (
  SELECT
    r.thread_id,
    r.family_id,
    t.has_all_fields,
    t.fixed_at,
    t.state,
    t.closed_at,
    t.close_reason,
    t.closed_by_role,
    t.reopened_at,
    r.first_staff_at,
    r.first_maintainer_at,
    r.first_outsider_at,
    r.first_unknown_at,
    r.first_agent_at,
    COALESCE(t.first_closed_at, t.closed_at) AS first_closed_at,
    LEAST(r.first_anyone_at, r.first_agent_at) AS first_word_at
  FROM metrics__thread_responses AS r
  JOIN staging__threads AS t
    ON t.thread_id = r.thread_id
)
SELECT
  thread_id,
  family_id,
  CASE WHEN NOT has_all_fields THEN 'closing not read' END AS exclusion_reason,
  LEAST(first_word_at, first_closed_at) AS first_at,
  CASE
    WHEN first_word_at IS NULL AND first_closed_at IS NULL
    THEN NULL
    WHEN COALESCE(first_word_at > first_closed_at, first_word_at IS NULL)
    THEN CASE
      WHEN NOT reopened_at IS NULL
      THEN 'closed_unknown'
      WHEN NOT fixed_at IS NULL
      THEN 'fixed'
      WHEN closed_by_role IN ('bot', 'agent')
      THEN 'bot_closed'
      WHEN closed_by_role = 'asker'
      THEN 'asker_closed'
      WHEN closed_by_role IS NULL AND close_reason IS NULL
      THEN 'closed_unknown'
      ELSE 'closed'
    END
    WHEN first_word_at = first_staff_at
    THEN 'staff'
    WHEN first_word_at = first_maintainer_at
    THEN 'maintainer'
    WHEN first_word_at = first_outsider_at
    THEN 'outsider'
    WHEN first_word_at = first_unknown_at
    THEN 'unknown'
    ELSE 'agent'
  END AS first_cause,
  CASE WHEN state = 'closed' THEN closed_at END AS ended_at,
  CASE
    WHEN state <> 'closed' OR closed_at IS NULL
    THEN NULL
    WHEN NOT fixed_at IS NULL
    THEN 'resolved'
    WHEN closed_by_role IN ('bot', 'agent')
    THEN 'bot_closed'
    WHEN closed_by_role = 'asker'
    THEN 'asker_closed'
    WHEN close_reason = 'not_planned'
    THEN 'not_planned'
    WHEN close_reason = 'duplicate'
    THEN 'duplicate'
    WHEN closed_by_role IS NULL
    THEN 'unknown'
    WHEN close_reason IN ('completed', 'resolved')
    THEN 'resolved'
    ELSE 'otherwise_closed'
  END AS end_cause
FROM starts
