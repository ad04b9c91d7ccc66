-- question: In how many rows did each field hold something, in the latest samples of each channel?
-- grain: channel_id, thing, visited_at
-- unit: rows
-- caveats: A field is filled where it holds more than nothing, false, zero or an empty text or list. A sample is a
--   complete visit, or all of a week where visits bring fewer than 30 rows in the median. Samples with fewer than 30
--   rows are left out, and so are first, partial and untokened visits and those that end a backlog. The newest 62
--   samples of half a year are kept.
-- published: no
with copies as (
    select *, row_number() over (partition by channel_id, thing, run_id, part order by load_id) as copy_number
    from raw.ledger__runs
),

runs as (
    select
        channel_id, thing, run_id, any_value(source) as source, min(started_at) as started_at,
        arg_max(state, part) as state,
        coalesce(arg_max(fault, part), 'none') in ('none', 'items skipped') as is_plain
    from copies
    where copy_number = 1
    group by channel_id, thing, run_id
    having arg_max(copies.state, part) in ('complete', 'unchanged', 'partial')
),

visits as (
    select
        *, state = 'complete' and is_plain
        and coalesce(lag(state <> 'partial' and is_plain) over in_time, false) as is_history
    from runs
    window in_time as (partition by channel_id, thing order by started_at, run_id)
),

counts as (
    select
        c.channel_id, c.table_name, f.run_id, c.rows_count, c.filled,
        row_number() over (partition by c.channel_id, c.table_name, f.run_id, f.part order by c.load_id) as copy_number
    from raw.ledger__filled as c
    join ledger.files as f on f.load_id = c.load_id
),

brought as (
    select
        v.source, c.channel_id, split_part(c.table_name, '__', 2) as thing, v.started_at, v.run_id, c.rows_count,
        c.filled, median(c.rows_count) over (partition by c.channel_id, c.table_name) as usual_rows
    from counts as c
    left join staging.visited_things as w on w.source || '__' || w.thing = c.table_name
    join visits as v
        on
            v.channel_id = c.channel_id and v.run_id = c.run_id
            and v.thing = coalesce(w.visited_thing, split_part(c.table_name, '__', 2))
    where c.copy_number = 1 and v.is_history
),

samples as (
    select
        source, channel_id, thing, min(started_at) as visited_at, min(run_id) as first_run_id,
        sum(rows_count) as landed_count, flatten(list(map_entries(filled) order by run_id)) as entries
    from brought
    group by
        source, channel_id, thing,
        case when usual_rows < 30 then cast(date_trunc('week', started_at) as varchar) else run_id end
),

placed as (
    select
        *, row_number() over (partition by channel_id, thing order by visited_at desc, first_run_id desc) as from_newest
    from samples
    where landed_count >= 30
)

select source, channel_id, thing, visited_at, landed_count as rows_count, entries
from placed
where from_newest <= 62
