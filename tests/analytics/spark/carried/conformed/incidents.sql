WITH parts AS (
  SELECT
    channel_id,
    incident_id,
    FALSE AS is_id,
    EXPLODE(component_names) AS part
  FROM staging__status__incidents AS status__incidents
  UNION ALL
  SELECT
    channel_id,
    incident_id,
    TRUE,
    EXPLODE(component_ids)
  FROM staging__status__incidents AS status__incidents
), patterns AS (
  SELECT
    channel_id,
    REPLACE(TRIM(LEADING '!' FROM LOWER(pattern)), '*', '%') AS form,
    pattern LIKE '!%' AS is_beside
  FROM (
    SELECT
      channel_id,
      EXPLODE(components) AS pattern
    FROM raw__catalog__channels AS catalog__channels
    WHERE
      source = 'status'
  ) AS listed
), touching AS (
  SELECT DISTINCT
    p.channel_id,
    p.incident_id
  FROM parts AS p
  JOIN patterns AS f
    ON f.channel_id = p.channel_id AND NOT (
      f.is_beside AND p.is_id
    )
  GROUP BY
    p.channel_id,
    p.incident_id,
    p.part
  HAVING
    BOOL_OR(LOWER(p.part) LIKE f.form) <> BOOL_OR(f.is_beside)
), visits AS (
  SELECT
    channel_id,
    started_at
  FROM raw__ledger__runs AS ledger__runs
  WHERE
    source = 'status' AND thing = 'incidents' AND state = 'complete'
), newest_visits AS (
  SELECT
    channel_id,
    MAX(started_at) AS page_seen_at
  FROM visits
  GROUP BY
    channel_id
), moments AS (
  SELECT
    channel_id,
    incident_id,
    open_seen_at AS seen_at,
    CAST(NULL AS TIMESTAMP_NTZ) AS visited_at
  FROM staging__status__incidents AS status__incidents
  WHERE
    NOT open_seen_at IS NULL
  UNION ALL
  SELECT
    channel_id,
    NULL,
    started_at,
    started_at
  FROM visits
), ends AS (
  SELECT
    channel_id,
    incident_id,
    MIN(visited_at) OVER (
      PARTITION BY channel_id
      ORDER BY seen_at DESC, visited_at DESC NULLS FIRST
      rows BETWEEN UNBOUNDED preceding AND CURRENT ROW
    ) AS ended_before_at
  FROM moments
), judged AS (
  SELECT
    i.*,
    CASE WHEN i.open_seen_at IS NULL THEN i.first_listed_at ELSE e.ended_before_at END AS ended_before_at,
    COALESCE(i.started_at, i.posted_at) AS told_start_at,
    COALESCE(i.resolved_at > COALESCE(i.started_at, i.posted_at), FALSE) AS is_told,
    i.is_over
    AND NOT i.window_end_at IS NULL
    AND (
      NOT COALESCE(i.resolved_at > COALESCE(i.started_at, i.posted_at), FALSE)
      OR COALESCE(
        ABS(
          (
            FLOOR(UNIX_MICROS(i.posted_at) / 1000000) - FLOOR(UNIX_MICROS(i.started_at) / 1000000)
          )
        ) < 60,
        TRUE
      )
    ) AS is_extracted,
    GREATEST(v.page_seen_at, MAX(i.seen_at) OVER (PARTITION BY i.channel_id)) AS page_seen_at
  FROM staging__status__incidents AS i
  LEFT JOIN newest_visits AS v
    ON v.channel_id = i.channel_id
  LEFT JOIN ends AS e
    ON e.channel_id = i.channel_id AND e.incident_id = i.incident_id
)
SELECT
  j.incident_id,
  j.channel_id,
  c.family_id,
  j.title,
  j.url,
  j.kind,
  j.severity,
  j.severity_word,
  j.posted_at,
  CASE
    WHEN j.is_extracted
    THEN j.window_start_at
    WHEN j.is_told OR j.resolved_at IS NULL
    THEN j.told_start_at
    ELSE LEAST(j.told_start_at, j.resolved_at)
  END AS started_at,
  CASE WHEN j.is_extracted THEN j.window_end_at WHEN j.is_told THEN j.resolved_at END AS resolved_at,
  CASE
    WHEN j.is_extracted
    THEN 'extracted'
    WHEN j.is_told
    THEN 'resolved'
    WHEN j.is_over OR j.is_listed_open IS FALSE OR j.seen_at < j.page_seen_at
    THEN 'unknown'
    ELSE 'open'
  END AS end_state,
  j.is_over,
  j.ended_before_at,
  j.investigating_at,
  j.identified_at,
  j.monitoring_at,
  j.last_update_at,
  j.is_retro,
  j.has_cause,
  j.has_postmortem,
  j.postmortem_at,
  NOT t.incident_id IS NULL
  OR (
    CARDINALITY(c.components) = 0 AND NOT j.is_beside
  ) AS is_api,
  CARDINALITY(c.components) > 0
  AND t.incident_id IS NULL
  AND COALESCE(CARDINALITY(j.component_names), 0) = 0
  AND NOT j.is_beside AS is_unattributed,
  CARDINALITY(j.component_names) > 0 AS has_components,
  j.is_automatic,
  j.is_automatic
  AND NOT j.is_retro
  AND COALESCE(
    (
      UNIX_MICROS(j.resolved_at) - UNIX_MICROS(j.told_start_at)
    ) < CAST(300e6 AS DOUBLE),
    FALSE
  ) AS is_brief,
  j.component_names,
  j.updates_count,
  j.seen_at
FROM judged AS j
JOIN raw__catalog__channels AS c
  ON c.channel_id = j.channel_id
LEFT JOIN touching AS t
  ON t.channel_id = j.channel_id AND t.incident_id = j.incident_id
