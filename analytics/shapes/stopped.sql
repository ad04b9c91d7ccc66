-- question: Which of the `items` belong to lists that posted for a time and then stopped?
-- grain: channel_id, thing
-- caveats: A list has stopped if its newest of at least 5 dated items is older than 120 days and than six times the
--   median gap, as of the newest of its `good_visits`. Whether it posts elsewhere cannot be known.
paces as (
    select channel_id, thing, max(dated_at) as newest_dated_at, count(*) as dated_count, median(gap) as usual_gap_days
    from (
        select *, date_diff('second', lag(dated_at) over (partition by channel_id, thing order by dated_at), dated_at)
            / 86400.0 as gap
        from items
        where dated_at is not null
    ) as gaps
    group by channel_id, thing
    having count(*) >= 5
),

stopped as (
    select p.*
    from paces as p
    join good_visits as v on v.channel_id = p.channel_id and v.thing = p.thing
    where date_diff('second', p.newest_dated_at, v.visited_at) / 86400.0 > greatest(120, 6 * p.usual_gap_days)
)
