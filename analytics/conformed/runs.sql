-- question: How did each visit end, and what did it bring?
-- grain: channel_id, thing, run_id
-- caveats: The parts of a visit are added up; the last of them says how it ended. A file that was landed twice counts
--   once. `is_plain`: without a fault, or with items skipped only.
with parts as (
    select *, part = max(part) over (partition by channel_id, thing, run_id) as is_last
    from raw.ledger__runs
    qualify row_number() over (partition by channel_id, thing, run_id, part order by load_id) = 1
)

select
    channel_id, thing, run_id, any_value(source) as source, min(started_at) as started_at,
    max(state) filter (where is_last) as state,
    max(error) filter (where is_last) as error,
    max(fault) filter (where is_last) as fault,
    coalesce(max(fault) filter (where is_last), 'none') in ('none', 'items skipped') as is_plain,
    max(expected) filter (where is_last) as expected,
    max(waiting) filter (where is_last) as waiting,
    max(reach_at) filter (where is_last) as reach_at,
    max(known_until) as read_until_at,
    max(total - coalesce(older, 0)) filter (where is_last) as in_window,
    coalesce(max(passed_over) filter (where is_last), 0) as passed_over,
    cast(sum(rows) as bigint) as rows_count,
    cast(sum(requests) as bigint) as requests,
    max(load_id) as load_id
from parts
group by channel_id, thing, run_id
