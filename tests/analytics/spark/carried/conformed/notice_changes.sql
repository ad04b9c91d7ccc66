SELECT
  e.channel_id || '#' || e.notice_code AS notice_id,
  CASE WHEN c.family_id = '_shared' THEN NULL ELSE c.family_id END AS family_id,
  e.channel_id,
  n.model,
  n.subject_kind,
  e.change_seen_at,
  e.last_seen_at,
  CASE
    WHEN e.event = 'first_seen'
    THEN 'appeared'
    WHEN e.event IN ('vanished', 'returned')
    THEN e.event
    WHEN e.old_shutdown_on IS NULL AND NOT e.new_shutdown_on IS NULL
    THEN 'date given'
    WHEN NOT e.old_shutdown_on IS NULL AND e.new_shutdown_on IS NULL
    THEN 'date withdrawn'
    WHEN e.new_shutdown_kind <> e.old_shutdown_kind
    THEN 'kind changed'
    WHEN NOT e.new_shutdown_kind IN ('exact', 'month')
    THEN 'edited'
    WHEN e.new_shutdown_on < e.old_shutdown_on
    THEN 'moved earlier'
    WHEN e.new_shutdown_on > e.old_shutdown_on
    THEN 'moved later'
    ELSE 'edited'
  END AS change,
  CASE
    WHEN e.event IN ('first_seen', 'vanished', 'returned')
    THEN 'listing'
    WHEN e.new_shutdown_on IS DISTINCT FROM e.old_shutdown_on
    THEN 'shutdown_on'
    WHEN e.new_shutdown_kind IS DISTINCT FROM e.old_shutdown_kind
    THEN 'shutdown_kind'
    ELSE 'other'
  END AS field,
  e.old_shutdown_on,
  e.old_shutdown_kind,
  e.new_shutdown_on,
  e.new_shutdown_kind
FROM staging__deprecations__notice_events AS e
JOIN staging__deprecations__notices AS n
  ON n.channel_id = e.channel_id AND n.notice_code = e.notice_code
JOIN raw__catalog__channels AS c
  ON c.channel_id = e.channel_id
WHERE
  e.event <> 'held'
