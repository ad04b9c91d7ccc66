-- question: What does each vendor's page say of the end of each model, as it last said it?
-- grain: channel_id, notice_code
-- unit: none
-- standard: none
-- caveats: A row is landed only when it is new or says something else. What vanished from the page stays as it was
--   last seen: whether it is still listed is told by `deprecations__notice_events`. Of two rows of one announcement the
--   later end is kept.
-- version: 1
select
    channel_id,
    body->>'$.notice_code' as notice_code,
    body->>'$.model' as model,
    body->>'$.subject_kind' as subject_kind,
    cast(body->>'$.announced_on' as date) as announced_on,
    body->>'$.announced_kind' as announced_kind,
    cast(body->>'$.deprecated_on' as date) as deprecated_on,
    cast(body->>'$.shutdown_on' as date) as shutdown_on,
    body->>'$.shutdown_kind' as shutdown_kind,
    cast(body->'$.replacements' as varchar[]) as replacement,
    body->>'$.behaviour' as behaviour,
    body->>'$.stage' as stage,
    body->>'$.region' as region,
    body->>'$.section' as section,
    body->>'$.url' as url,
    cast(body->'$.drift' as varchar[]) as drift_words,
    source_time,
    seen_at
from raw.deprecations__notices
