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
incident_id, title, url, kind, severity, posted_at, started_at, started_at as latest_start_at, resolved_at,
window_start_at, window_end_at, last_update_at, is_over, is_listed_open, is_retro,
coalesce(is_automatic, false) as is_automatic,
coalesce(is_beside, false) as is_beside,
has_cause, has_postmortem, component_ids, component_names, drift as drift_words, seen_at as first_listed_at,
case when coalesce(is_listed_open, not is_over, true)
    then seen_at end as open_seen_at
