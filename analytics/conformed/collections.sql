-- question: How fresh and how complete is what was collected from each channel?
-- grain: channel_id, thing
-- published: yes
-- unit: share
-- caveats: The coverage of a visit that ended early is what it brought, divided by the source's total; if the source
--   gives no total, coverage is empty. A failed visit removes nothing: the last good one still counts, with its age. If
--   several visits read backwards, everything that they read counts: all since reach_at was read, and older data are
--   not collected. A file that was landed twice counts once. Visits of versions that did not record faults have the
--   fault none if they succeeded, otherwise unknown. What was read without the token that it needs covers the newest
--   items only, however the visit ended.
with ranked as (
    select
        *,
        row_number() over (partition by channel_id, thing order by started_at desc, load_id desc) as from_newest,
        row_number() over (
            partition by channel_id, thing, state in ('complete', 'unchanged', 'partial') order by started_at desc,
            load_id desc
        ) as from_newest_alike,
        -- A visit without news need not repeat how many items there are.
        cast(greatest(
            passed_over, 1,
            coalesce(
                nullif(in_window, 0), max(expected) over (partition by channel_id, thing),
                sum(rows_count) over (partition by channel_id, thing)
            )
        ) as double) as known_count
    from staging.runs
)

select
    channel_id, thing,
    max(started_at) filter (where state in ('complete', 'unchanged')) as as_of_at,
    max(started_at) as last_run_at,
    max(started_at) filter (where rows_count > 0) as last_brought_at,
    max(state) filter (where from_newest = 1) as last_state,
    nullif(max(error) filter (where from_newest = 1), '') as last_error,
    max(
        case
            when fault is not null then fault
            when state in ('complete', 'unchanged') and coalesce(error, '') = '' then 'none'
            else 'unknown'
        end
    ) filter (where from_newest = 1) as last_fault,
    max(expected) filter (where from_newest_alike = 1 and state in ('complete', 'unchanged', 'partial')) as expected,
    (1.0 - least(1.0, coalesce(max(aside_count), 0) / greatest(1.0, sum(rows_count)))) * max(
        case
            when state in ('complete', 'unchanged') and coalesce(fault, '') <> 'credentials missing'
                then 1.0 - passed_over / known_count
            when expected > 0 and waiting is not null
                then greatest(0.0, 1.0 - waiting / cast(expected as double) - passed_over / known_count)
            when expected > 0 and state = 'partial'
                then greatest(0.0, least(1.0, rows_count / cast(expected as double)) - passed_over / known_count)
        end
    ) filter (where from_newest_alike = 1 and state in ('complete', 'unchanged', 'partial')) as coverage_share,
    cast(max(passed_over) filter (where from_newest = 1) as bigint) as passed_over_count,
    min(reach_at) as reach_at,
    max(read_until_at) as read_until_at,
    cast(max(requests) filter (where from_newest = 1) as bigint) as requests,
    min(started_at) as first_run_at
from ranked
left join (
    select channel_id, visited_thing as thing, sum(landed_count) as aside_count from staging.set_aside group by all
) as aside using (channel_id, thing)
group by channel_id, thing
