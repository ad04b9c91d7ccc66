WITH judged AS (
  SELECT
    i.*,
    p.observed_from_at,
    GREATEST(p.observed_until_at, i.seen_at) AS observed_until_at,
    NOT i.resolved_at IS NULL
    AND NOT i.started_at IS NULL
    AND i.resolved_at > i.started_at AS is_told,
    i.is_retro AND NOT COALESCE(i.resolved_at > i.started_at, FALSE) AS is_lost,
    i.end_state = 'open'
    AND i.resolved_at IS NULL
    AND (
      UNIX_MICROS(GREATEST(p.observed_until_at, i.seen_at)) - UNIX_MICROS(COALESCE(i.last_update_at, i.posted_at))
    ) / NULLIF(CAST(86400e6 AS DOUBLE), 0) <= r.open_incident_days AS is_open
  FROM metrics__rules AS r
  CROSS JOIN staging__incidents AS i
  JOIN staging__status_pages AS p
    ON p.channel_id = i.channel_id
)
SELECT
  incident_id,
  channel_id,
  family_id,
  title,
  url,
  kind,
  severity,
  severity_word,
  posted_at,
  COALESCE(started_at, posted_at) AS started_at,
  CASE WHEN is_told THEN resolved_at END AS ended_at,
  identified_at,
  monitoring_at,
  updates_count,
  has_cause,
  has_postmortem,
  has_components,
  is_open,
  is_retro,
  is_api,
  is_unattributed,
  kind IN ('outage', 'degraded', 'third-party') AND NOT COALESCE(is_brief, FALSE) AS is_disturbance,
  NOT is_lost AS is_start_known,
  NOT is_lost AND NOT is_told AND NOT is_open AS is_end_unknown,
  CASE
    WHEN NOT is_lost AND NOT is_told AND NOT is_open AND NOT ended_before_at IS NULL
    THEN GREATEST(COALESCE(started_at, posted_at), ended_before_at)
  END AS ended_before_at,
  CASE
    WHEN is_told OR is_lost
    THEN NULL
    WHEN is_open
    THEN observed_until_at
    WHEN NOT COALESCE(is_over, FALSE) AND last_update_at > COALESCE(started_at, posted_at)
    THEN last_update_at
  END AS ongoing_until_at,
  observed_from_at,
  observed_until_at,
  (
    UNIX_MICROS(observed_until_at) - UNIX_MICROS(COALESCE(started_at, posted_at))
  ) / NULLIF(CAST(86400e6 AS DOUBLE), 0) AS age_days,
  CASE
    WHEN is_told
    THEN (
      UNIX_MICROS(resolved_at) - UNIX_MICROS(started_at)
    ) / NULLIF(CAST(3600e6 AS DOUBLE), 0)
  END AS incident_hours
FROM judged
