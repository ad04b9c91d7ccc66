-- question: When did each notice appear, change, disappear and come back?
-- grain: channel_id, notice_code, event_number
-- caveats: Dated by our visits: the event happened between the previous visit (`last_seen_at`) and this one. At a first
--   visit everything appears at once. The event `held` (of the notice `(page)`) records that a burst of new and
--   vanished rows was not trusted.
body->>'$.notice_code' as notice_code,
cast(body->>'$.event_number' as bigint) as event_number,
body->>'$.event' as event,
cast(body->>'$.changed_at' as timestamp) as change_seen_at,
cast(body->>'$.last_seen_at' as timestamp) as last_seen_at,
cast(body->>'$.old_shutdown_on' as date) as old_shutdown_on,
body->>'$.old_shutdown_kind' as old_shutdown_kind,
cast(body->>'$.new_shutdown_on' as date) as new_shutdown_on,
body->>'$.new_shutdown_kind' as new_shutdown_kind
