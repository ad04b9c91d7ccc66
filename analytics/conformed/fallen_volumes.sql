-- question: Which collections brought next to nothing though many rows are usual?
-- grain: channel_id, thing
-- caveats: The newest complete visit is compared, by rows an hour, with at least 8 visits of the 8 weeks before it,
--   those of weekends with weekends. Named is what brought less than a tenth of the median and lies more than 5 median
--   absolute deviations below it, or brought less than a tenth of the least of at least 16, if at least 20 rows are
--   usual in that time, and for the latter even the least brought so many. Visits that follow sooner than half of
--   the usual time count as one. First, partial and untokened visits, and those that end a backlog, are no history. A
--   silence of more than four weeks is usual. What comes monthly or in a few rows is never named, nor is what comes so
--   unevenly that the median absolute deviation is a fifth of the median and a visit now and then brings next to
--   nothing.
with gaps as (
    select
        *, date_diff('second', lag(started_at) over in_time, started_at) / 3600.0 as gap_hours,
        max(started_at) over (partition by channel_id, thing) - interval 56 days as from_at
    from staging.runs
    where state in ('complete', 'unchanged', 'partial')
    window in_time as (partition by channel_id, thing order by started_at, run_id)
),

paces as (
    select channel_id, thing, median(gap_hours) as usual_hours
    from gaps where started_at >= from_at group by channel_id, thing
),

numbered as (
    select
        g.*, p.usual_hours,
        count(*) filter (where g.gap_hours is null or g.gap_hours >= p.usual_hours / 2) over (
            partition by g.channel_id, g.thing order by g.started_at, g.run_id
        ) as turn
    from gaps as g
    join paces as p on p.channel_id = g.channel_id and p.thing = g.thing
),

turns as (
    select
        channel_id, thing, turn, max(started_at) as started_at, max(from_at) as from_at,
        max(usual_hours) as usual_hours, sum(gap_hours) as hours, sum(rows_count) as rows_count,
        bool_or(state = 'complete') as is_complete, bool_and(state <> 'partial' and is_plain) as is_whole
    from numbered
    group by channel_id, thing, turn
),

judged as (
    select
        *, rows_count / nullif(hours, 0) as pace,
        isodow(started_at - to_seconds(cast(hours * 1800 as bigint))) > 5 as is_weekend,
        is_whole and coalesce(lag(is_whole) over (partition by channel_id, thing order by turn), false) as is_history
    from turns
),

newest as (
    select * from judged where rows_count > 0 or (is_complete and is_history)
    qualify row_number() over (partition by channel_id, thing order by turn desc) = 1
),

compared as (
    select
        n.channel_id, n.thing, n.started_at, n.rows_count, least(n.hours, n.usual_hours) as hours, h.pace,
        median(h.pace) over (partition by n.channel_id, n.thing) as middle_pace
    from newest as n
    join judged as h
        on h.channel_id = n.channel_id and h.thing = n.thing and h.turn < n.turn and h.is_history
            and h.is_weekend = n.is_weekend and h.started_at >= n.from_at
    where n.is_history
),

spreads as (
    select
        channel_id, thing, started_at, rows_count, hours, middle_pace, count(*) as turns_count,
        min(pace) as least_pace, median(abs(pace - middle_pace)) as spread
    from compared group by channel_id, thing, started_at, rows_count, hours, middle_pace
)

select
    channel_id, thing, started_at as visited_at, cast(rows_count as bigint) as brought_count,
    cast(round(middle_pace * hours) as bigint) as usual_count
from spreads
where
    turns_count >= 8 and middle_pace * hours >= 20 and rows_count < middle_pace * hours / 10
    and (middle_pace - rows_count / hours > 5 * spread
        or (turns_count >= 16 and least_pace * hours >= 20 and rows_count < least_pace * hours / 10))
