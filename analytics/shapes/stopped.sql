-- question: Which of the `items` belong to lists that have been silent for longer than usual?
-- grain: channel_id, thing
-- standard: order statistics of exponential gaps (Renyi 1953): twice the longest of n is exceeded once in (n + 1)(n +
--   2) / 2 times, so that a list of 14 items that is still alive passes for silent less than once in 100
-- caveats: The usual gap is the longest between two items of the year up to the newest one; of fewer than five items it
--   is half a year at least, as nobody knows how often such a list posts. A list has stopped if more than twice as many
--   days passed until the newest of its `good_visits`. Items dated after that visit are no sign of life. A list that
--   posts anything is alive: whether it posts everything cannot be known.
stopped as (
    select
        channel_id, thing, visited_at, max(dated_at) as newest_dated_at, count(*) as dated_count,
        greatest(max(gap_days), if(count(*) < 5, 182, 0)) as usual_gap_days
    from (
        select
            i.channel_id, i.thing, i.dated_at, v.visited_at,
            date_diff('day', i.dated_at, lead(i.dated_at) over oldest_first) as gap_days
        from items as i
        join good_visits as v on v.channel_id = i.channel_id and v.thing = i.thing and i.dated_at <= v.visited_at
        window oldest_first as (partition by i.channel_id, i.thing order by i.dated_at)
        qualify i.dated_at >= max(i.dated_at) over (partition by i.channel_id, i.thing) - interval 1 year
    ) as gaps
    group by channel_id, thing, visited_at
    having date_diff('day', max(dated_at), visited_at) > 2 * usual_gap_days
)
