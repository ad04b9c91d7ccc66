WITH patterns AS (
  SELECT
    channel_id,
    REPLACE(LOWER(pattern), '*', '%') AS pattern
  FROM (
    SELECT
      channel_id,
      EXPLODE(models) AS pattern
    FROM raw__catalog__channels AS catalog__channels
    WHERE
      source = 'deprecations'
  ) AS listed
), foreign_models AS (
  SELECT
    n.channel_id,
    n.model
  FROM staging__deprecations__notices AS n
  JOIN patterns AS p
    ON p.channel_id = n.channel_id
  GROUP BY
    n.channel_id,
    n.model
  HAVING
    NOT BOOL_OR(LOWER(n.model) LIKE p.pattern)
), visits AS (
  SELECT
    channel_id,
    MAX(started_at) AS looked_at
  FROM raw__ledger__runs AS ledger__runs
  WHERE
    source = 'deprecations'
    AND thing = 'notices'
    AND state IN ('complete', 'unchanged')
  GROUP BY
    channel_id
), told AS (
  SELECT
    channel_id,
    notice_code,
    MIN(change_seen_at) AS first_seen_at,
    MAX_BY(event, event_number) FILTER(WHERE
      NOT event IS NULL) AS last_event,
    MAX_BY(last_seen_at, event_number) FILTER(WHERE
      NOT last_seen_at IS NULL) AS seen_before_at,
    MAX(change_seen_at) AS change_seen_at
  FROM staging__deprecations__notice_events AS deprecations__notice_events
  WHERE
    event <> 'held'
  GROUP BY
    channel_id,
    notice_code
)
SELECT
  n.channel_id || '#' || n.notice_code AS notice_id,
  CASE WHEN c.family_id <> '_shared' AND f.model IS NULL THEN c.family_id END AS family_id,
  n.channel_id,
  n.model,
  n.subject_kind,
  n.region,
  n.announced_on,
  n.announced_kind,
  n.deprecated_on,
  n.shutdown_on,
  n.shutdown_kind,
  n.closed_to_new_on,
  n.replacement,
  n.behaviour,
  n.stage,
  n.section,
  n.url,
  t.first_seen_at,
  CASE
    WHEN t.last_event = 'vanished'
    THEN t.seen_before_at
    ELSE GREATEST(t.change_seen_at, COALESCE(v.looked_at, t.change_seen_at))
  END AS last_seen_at,
  t.last_event <> 'vanished' AS is_listed,
  ROW_NUMBER() OVER (
    PARTITION BY n.channel_id, n.model, n.subject_kind, n.region
    ORDER BY t.last_event <> 'vanished' DESC, n.announced_on DESC, n.shutdown_on DESC, n.notice_code DESC
  ) = 1 AS is_latest,
  n.drift_words
FROM staging__deprecations__notices AS n
JOIN told AS t
  ON t.channel_id = n.channel_id AND t.notice_code = n.notice_code
JOIN raw__catalog__channels AS c
  ON c.channel_id = n.channel_id
LEFT JOIN visits AS v
  ON v.channel_id = n.channel_id
LEFT JOIN foreign_models AS f
  ON f.channel_id = n.channel_id AND f.model = n.model
