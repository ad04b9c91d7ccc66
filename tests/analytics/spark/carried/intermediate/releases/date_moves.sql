SELECT
  notice_id,
  channel_id,
  family_id,
  model,
  change_seen_at,
  old_shutdown_on,
  new_shutdown_on,
  CASE change
    WHEN 'moved earlier'
    THEN 'earlier'
    WHEN 'moved later'
    THEN 'later'
    ELSE 'withdrawn'
  END AS change
FROM staging__notice_changes AS notice_changes
WHERE
  change IN ('moved earlier', 'moved later', 'date withdrawn')
  AND old_shutdown_kind = 'exact'
  AND NOT family_id IS NULL
