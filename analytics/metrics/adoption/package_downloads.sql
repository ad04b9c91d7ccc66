-- question: How often are the client packages of each family downloaded?
-- title: downloads of packages in 30 days
-- titles: daily_median = downloads of packages on a median day
-- unit: downloads
-- better: none
-- standard: CHAOSS Number of Downloads
-- caveats: Python packages, without mirrors. `rolling_30d` is the sum of the last thirty reported days, `daily_median`
--   their median, which one noisy day does not move. Most downloads come from builds and tests that install from
--   scratch (CI), and one large user can double the count. Segment `all` sums the packages of a family day by day, over
--   the thirty days up to the last that all of them have reported, and takes the sum and the median of these days;
--   `package:` is one of them. Runtimes that load models of many families belong to none and are not included. A count
--   of all, so without an interval.
-- proof: analytics/metrics/test_adoption.py::test_packages_are_added_over_thirty_told_days,
--   analytics/metrics/adoption/test_package_days.py::test_the_median_day_of_a_family_is_one_of_its_days
-- items: select channel_id || '#' || cast(downloaded_on as varchar) as item_id, family_id, 'packages' as
--   channel_kind, package_name, downloaded_on, downloads_count as amount from staging.packages_daily
--   where family_id is not null
--   qualify date_diff('day', downloaded_on, max(downloaded_on) over (partition by channel_id)) < 30
-- shape: figure
-- covers: packages
-- roles: together
-- of: reported days
-- segments: all
-- statistics: rolling_30d, daily_median
-- windows: 30d
-- gate: none
with package_days as (
    select family_id, channel_id, package_name, downloaded_on, downloads_count
    from staging.packages_daily
    where family_id is not null
    qualify date_diff('day', downloaded_on, max(downloaded_on) over (partition by channel_id)) < 30
),

newest as (
    select family_id, channel_id, max(downloaded_on) as newest_on
    from package_days
    group by family_id, channel_id
),

shared as (
    select family_id, min(newest_on) as last_on, max(newest_on) as newest_on, count(*) as packages_count
    from newest
    group by family_id
),

added as (
    select p.family_id, p.downloaded_on, sum(p.downloads_count) as downloads_count
    from staging.packages_daily as p
    join shared as s
        on s.family_id = p.family_id and date_diff('day', p.downloaded_on, s.last_on) between 0 and 29
            and date_diff('day', s.last_on, s.newest_on) < 30
    group by p.family_id, p.downloaded_on, s.packages_count
    having count(*) = s.packages_count
),

days as (
    select family_id, channel_id, 'package:' || package_name as segment, downloads_count from package_days
    union all
    select s.family_id, '', 'all', a.downloads_count
    from shared as s
    left join added as a on a.family_id = s.family_id
),

counted as (
    select
        d.family_id, d.segment, t.statistic, count(d.downloads_count) as n,
        cast(case when t.statistic = 'rolling_30d' then sum(d.downloads_count) else median(d.downloads_count) end
            as double) as value
    from days as d
    cross join (values ('rolling_30d'), ('daily_median')) as t (statistic)
    group by d.family_id, d.channel_id, d.segment, t.statistic
)

select
    c.family_id, 'packages' as channel_kind, 'all' as channel_role, c.segment, c.statistic, '30d' as "window", c.value,
    c.value as low, c.value as high, c.n, c.n as n_events, 0 as n_censored,
    case when c.n < 30 then 'not enough data' end as own_state,
    nullif(concat_ws(
        ' ',
        case when c.n < 30 then 'Only ' || cast(c.n as varchar) || ' of the last 30 days were reported.' end,
        case when c.segment = 'all' and s.last_on < s.newest_on then 'Up to ' || cast(s.last_on as varchar)
            || ', the last day that all packages have reported.' end
    ), '') as own_note
from counted as c
join shared as s on s.family_id = c.family_id
