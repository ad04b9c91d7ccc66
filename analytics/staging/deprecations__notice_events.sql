-- question: When did each notice appear, change, disappear and come back?
-- grain: channel_id, notice_code, event_number
-- caveats: Dated by our visits: the event happened between the previous visit (`last_seen_at`) and this one. At a first
--   visit everything appears at once. The event `held` (of the notice `(page)`) records that a burst of new and
--   vanished rows was not trusted.
notice_code, event_number, event, changed_at as change_seen_at, last_seen_at, old_shutdown_on, old_shutdown_kind,
new_shutdown_on, new_shutdown_kind
