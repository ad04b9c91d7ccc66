-- question: What does each vendor's page currently state about the end of each model?
-- grain: channel_id, notice_code
-- caveats: A row is landed only if it is new or changed. A notice that vanished from the page stays as last seen:
--   `deprecations__notice_events` records whether it is still listed. If one announcement has two rows, the one with
--   the later end is kept.
body->>'$.notice_code' as notice_code,
body->>'$.model' as model,
body->>'$.subject_kind' as subject_kind,
cast(body->>'$.announced_on' as date) as announced_on,
body->>'$.announced_kind' as announced_kind,
cast(body->>'$.deprecated_on' as date) as deprecated_on,
cast(body->>'$.shutdown_on' as date) as shutdown_on,
body->>'$.shutdown_kind' as shutdown_kind,
cast(body->>'$.closed_to_new_on' as date) as closed_to_new_on,
cast(body->'$.replacements' as varchar[]) as replacement,
body->>'$.stage' as stage,
body->>'$.region' as region,
body->>'$.url' as url,
cast(body->'$.drift' as varchar[]) as drift_words
