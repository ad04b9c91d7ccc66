-- question: Which fields does a source fill far less than it used to, or fill though they were always empty?
-- grain: channel_id, thing, filled_field
-- unit: share
-- caveats: A field is filled if it holds more than nothing, false, zero or an empty text or list. A sample is
--   a complete visit, or all of a week if visits bring fewer than 30 rows in the median; samples with fewer than 30
--   rows are excluded, and so are first, partial and untokened visits and those that end a backlog. The newest two
--   samples of a channel are compared with the 8 to 60 before them. On the scale of 2 · arcsin
--   √share, both samples must lie 5 median absolute deviations and 5 standard errors (1 / √rows) from the median, and
--   0.8 below it or under a tenth of the median share; or 0.8 above a median share of at most one in a hundred. What no
--   channel of the source filled before is new and has no history. Fields that few rows fill, and all of channels that
--   bring fewer than 30 rows a week, are never named.
with visits as (
    select
        *, state = 'complete' and is_plain
        and coalesce(lag(state <> 'partial' and is_plain) over in_time, false) as is_history
    from staging.runs
    where state in ('complete', 'unchanged', 'partial')
    window in_time as (partition by channel_id, thing order by started_at, run_id)
),

counts as (
    select c.channel_id, c.table_name, f.run_id, c.rows_count, c.filled
    from raw.ledger__filled as c
    join ledger.files as f on f.load_id = c.load_id
    qualify row_number() over (partition by c.channel_id, c.table_name, f.run_id, f.part order by c.load_id) = 1
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
    where v.is_history
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

newest as (
    select *
    from samples
    where landed_count >= 30
    qualify row_number() over (partition by channel_id, thing order by visited_at desc, first_run_id desc) <= 62
),

entries as (
    select source, channel_id, thing, visited_at, landed_count as rows_count, unnest(entries) as entry
    from newest
),

field_counts as (
    select
        source, channel_id, thing, entry.key as filled_field, visited_at, rows_count, sum(entry.value) as filled_count
    from entries
    group by source, channel_id, thing, entry.key, visited_at, rows_count
),

shares as (
    select
        channel_id, thing, filled_field, visited_at, rows_count, filled_count / rows_count as share,
        2 * asin(sqrt(filled_count / rows_count)) as angle,
        min(visited_at) filter (where filled_count > 0) over (partition by source, thing, filled_field) as first_at,
        row_number() over (partition by channel_id, thing, filled_field order by visited_at desc) as from_newest
    from field_counts
),

middles as (
    select channel_id, thing, filled_field, median(share) as usual_share, median(angle) as angle
    from shares
    where from_newest > 2 and visited_at >= first_at
    group by channel_id, thing, filled_field
    having count(*) >= 8
),

usual as (
    select
        m.channel_id, m.thing, m.filled_field, m.usual_share, m.angle, median(abs(s.angle - m.angle)) as spread
    from middles as m
    join shares as s on s.channel_id = m.channel_id and s.thing = m.thing and s.filled_field = m.filled_field
    where s.from_newest > 2 and s.visited_at >= s.first_at
    group by m.channel_id, m.thing, m.filled_field, m.usual_share, m.angle
)

select
    n.channel_id, n.thing, n.filled_field, min(n.visited_at) as differs_from_at,
    cast(arg_min(n.rows_count, n.from_newest) as bigint) as brought_count, u.usual_share,
    arg_min(n.share, n.from_newest) as filled_share
from shares as n
join usual as u on u.channel_id = n.channel_id and u.thing = n.thing and u.filled_field = n.filled_field
where n.from_newest <= 2
group by n.channel_id, n.thing, n.filled_field, u.usual_share, u.angle
having
    bool_and(abs(n.angle - u.angle) > 5 * greatest(u.spread, 1 / sqrt(n.rows_count)))
    and (
        bool_and(u.angle - n.angle >= 0.8 or n.share < u.usual_share / 10)
        or (u.usual_share <= 0.01 and bool_and(n.angle - u.angle >= 0.8))
    )
