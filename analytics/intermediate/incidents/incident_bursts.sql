-- question: Did more people than usual ask for help when an incident began, and one week earlier?
-- grain: item_id, statistic
-- unit: threads
-- standard: a burst: 3 median absolute deviations above the median of the same hour of the week
-- caveats: Threads opened by people in the family's own channels, from two whole hours before the hour in which the
--   incident began (UTC) to two after it, against the same hours in each of the 8 weeks before. A deviation below one
--   thread counts as one, so that a burst is at least three threads. Only channels that were read completely from nine
--   weeks before until three hours after; an incident without any is missing. Other incidents of the family during
--   those weeks raise the baseline slightly. `week_before` applies the same test to the hour one week earlier: the
--   level of chance.
-- version: 1
with begun as (
    select item_id, family_id, started_at,
    cast(floor(date_diff('microsecond', timestamp '2000-01-01', started_at) / 3600e6) as bigint) as began_hour
    from metrics.incident_items
    where segment = 'all' and is_start_known
),

watched as (
    select b.item_id, b.began_hour, g.channel_id, g.thing
    from begun as b
    join metrics.thread_channels as g on g.family_id = b.family_id and g.channel_role = 'all'
    join metrics.thread_visits as k on k.channel_id = g.channel_id and k.thing = g.thing
        and (k.coverage_share >= 1 or k.reach_at is not null)
    where date_diff('hour', b.started_at, g.as_of_at) > 3
        and coalesce(date_diff('hour', k.reach_at, b.started_at) > 24 * 63 + 3, true)
),

opened as (
    select
        channel_id, thing, cast(floor(date_diff('microsecond', timestamp '2000-01-01', opened_at) / 3600e6) as bigint)
            as opened_hour,
        count(*) as threads_count
    from staging.threads
    where author_role is distinct from 'bot'
    group by all
),

around as (
    select o.channel_id, o.thing, o.opened_hour + s.shift as around_hour, sum(o.threads_count) as threads_count
    from opened as o
    cross join (values (-2), (-1), (0), (1), (2)) as s (shift)
    group by all
),

counted as (
    select w.item_id, k.week, coalesce(sum(a.threads_count), 0) as threads_count
    from watched as w
    cross join (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) as k (week)
    left join around as a on a.channel_id = w.channel_id and a.thing = w.thing
        and a.around_hour = w.began_hour - 168 * k.week
    group by w.item_id, k.week
),

compared as (
    select
        c.item_id, t.statistic, c.threads_count, b.threads_count as other_count,
        median(b.threads_count) over (partition by c.item_id, t.statistic) as base_count
    from (values ('burst', 0), ('week_before', 1)) as t (statistic, week)
    join counted as c on c.week = t.week
    join counted as b on b.item_id = c.item_id and b.week between t.week + 1 and t.week + 8
)

select
    item_id, statistic, cast(max(threads_count) as bigint) as threads_count, max(base_count) as base_count,
    median(abs(other_count - base_count)) as spread_count,
    max(threads_count) >= max(base_count) + 3 * greatest(1, median(abs(other_count - base_count))) as is_burst
from compared
group by item_id, statistic
