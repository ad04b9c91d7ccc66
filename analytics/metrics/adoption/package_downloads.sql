-- question: How often are the client packages of each family downloaded?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: downloads of packages in 30 days
-- titles: daily_median = downloads of packages on a median day
-- unit: downloads
-- better: none
-- standard: CHAOSS Number of Downloads
-- caveats: Python packages, without mirrors. `rolling_30d` is the sum of the last thirty reported days, `daily_median`
--   their median, which one noisy day does not move. Most downloads come from builds and tests that install from
--   scratch (CI), and one large user can double the count. Segment `all` sums the packages of a family; `package:` is
--   one of them. Runtimes that load models of many families belong to none and are not included. A count of all, so
--   without an interval.
-- version: 1
-- proof: analytics/metrics/test_adoption.py::test_packages_are_added_over_thirty_told_days
-- items: select channel_id || '#' || cast(downloaded_on as varchar) as item_id, family_id, 'packages' as
--   channel_kind, package_name, downloaded_on,
--   downloads_count as amount from metrics.package_days
-- shape: figure
-- covers: packages
-- roles: together
-- of: reported days
-- segments: all
-- statistics: rolling_30d, daily_median
-- windows: 30d
-- gate: none
with packages as (
    select family_id, package_name, sum(downloads_count) as downloads,
    cast(median(downloads_count) as double) as middle, count(*) as days_count
    from metrics.package_days
    group by family_id, channel_id, package_name
),

grouped as (
    select family_id, 'package:' || package_name as segment, downloads, middle, days_count from packages
    union all
    select family_id, 'all', sum(downloads), sum(middle), min(days_count) from packages group by family_id
),

figures as (
    select g.*, t.statistic,
    cast(case when t.statistic = 'rolling_30d' then g.downloads else g.middle end as double) as value
    from grouped as g
    cross join (values ('rolling_30d'), ('daily_median')) as t (statistic)
)

select
    family_id, 'packages' as channel_kind, 'all' as channel_role, segment, statistic, '30d' as "window", value,
    value as low, value as high, days_count as n, days_count as n_events, 0 as n_censored,
    case when days_count < 30 then 'not enough data' end as own_state,
    case when days_count < 30 then 'Only ' || cast(days_count as varchar) || ' of the last 30 days were reported.'
        end as own_note
from figures
