-- question: Which of the `items` belong to lists that posted for a time and then stopped?
-- grain: channel_id, thing
-- caveats: A list has stopped if its newest of at least 5 dated items is older than 120 days and than six times the
--   median gap of its newest 11, as of the newest of its `good_visits`. Items dated after that visit, or far back, keep
--   no list alive. Whether it posts elsewhere cannot be known.
paces as (
    select
        channel_id, thing, visited_at, max(dated_at) as newest_dated_at, count(*) as dated_count,
        median(gap) filter (where place <= 10) as usual_gap_days
    from (
        select
            i.*, v.visited_at, row_number() over (newest_first) as place,
            date_diff('second', lead(i.dated_at) over (newest_first), i.dated_at) / 86400.0 as gap
        from items as i
        join good_visits as v on v.channel_id = i.channel_id and v.thing = i.thing and i.dated_at <= v.visited_at
        window newest_first as (partition by i.channel_id, i.thing order by i.dated_at desc)
    ) as gaps
    group by all
    having count(*) >= 5
),

stopped as (
    select *
    from paces
    where date_diff('second', newest_dated_at, visited_at) / 86400.0 > greatest(120, 6 * usual_gap_days)
)
