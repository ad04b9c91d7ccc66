-- question: What does each status page state about each incident?
-- grain: channel_id, incident_id
-- caveats: A word that is not recognised has no severity and is listed in `drift_words`.
--   `kind` follows rules on the title, the severity and the party at fault, in pipelines/sources/status/severities.py;
--   its accuracy and that of the stated times are published (`analytics/accuracy.csv`). Texts of updates are not kept,
--   only what was read from them on collection. Feeds give no severity; if a feed gives only the current state, the
--   severity is the last one seen by a visit while the incident was ongoing. `open_seen_at` is the last visit that
--   found it ongoing; it is empty if none did. `posted_at`, `started_at` and `window_start_at` are the earliest that any
--   visit read, because pages edit them; `latest_start_at` is the latest start.
-- earliest: first_listed_at, posted_at, started_at, window_start_at
-- latest: open_seen_at, latest_start_at
body->>'$.incident_id' as incident_id,
body->>'$.title' as title,
body->>'$.url' as url,
body->>'$.kind' as kind,
cast(body->>'$.severity' as integer) as severity,
cast(body->>'$.posted_at' as timestamp) as posted_at,
cast(body->>'$.started_at' as timestamp) as started_at,
cast(body->>'$.started_at' as timestamp) as latest_start_at,
cast(body->>'$.resolved_at' as timestamp) as resolved_at,
cast(body->>'$.window_start_at' as timestamp) as window_start_at,
cast(body->>'$.window_end_at' as timestamp) as window_end_at,
cast(body->>'$.last_update_at' as timestamp) as last_update_at,
cast(body->>'$.is_over' as boolean) as is_over,
cast(body->>'$.is_listed_open' as boolean) as is_listed_open,
cast(body->>'$.is_retro' as boolean) as is_retro,
coalesce(cast(body->>'$.is_automatic' as boolean), false) as is_automatic,
coalesce(cast(body->>'$.is_beside' as boolean), false) as is_beside,
cast(body->>'$.has_cause' as boolean) as has_cause,
cast(body->>'$.has_postmortem' as boolean) as has_postmortem,
cast(body->'$.component_ids' as varchar[]) as component_ids,
cast(body->'$.component_names' as varchar[]) as component_names,
cast(body->'$.drift' as varchar[]) as drift_words,
seen_at as first_listed_at,
case when coalesce(cast(body->>'$.is_listed_open' as boolean), not cast(body->>'$.is_over' as boolean), true)
    then seen_at end as open_seen_at
