-- question: What share is still waiting after each number of hours?
-- grain: stratum_id, at_hours
-- unit: share
-- standard: Kaplan-Meier estimate, Greenwood's error times the design effect, log-log bands
-- caveats: One row for each hour at which something ended, and for fixed hours (`is_grid`; at 0 all are at risk): those
--   of the charts where the curve is drawn, otherwise the few that figures need. The share is that of items waiting
--   longer than `at_hours`. The bands are empty where the share is 1 or 0, because the error is not defined there.
--   What began in one week is alike: the error grows by the root of the design effect, and the quantile is Student's
--   (see survival_designs); `greenwood` is the sum for independent items, up to the hour when all have ended.
--   survival_totals says whose each `stratum_id` is.
with grid as (
    select unnest([0.0, 0.25, 0.5, 1, 1.5, 2, 3, 4, 6, 8, 10, 12, 15, 18, 21, 24, 30, 36, 42, 48, 60, 72, 84, 96, 120,
        144, 168, 192, 240,
        288, 336, 408, 480, 600, 720, 960, 1200, 1440, 1800, 2160, 2880, 3600, 4320, 5760, 7200, 8760]) as at_hours
),

members as (
    select stratum_id, duration_hours as at_hours, is_event, false as is_grid, cast(1 as double) as weight
    from metrics.survival_members
    where not is_unseen
    union all
    select s.stratum_id, cast(g.at_hours as double), false, true, null
    from (select distinct stratum_id, is_drawn from metrics.survival_strata) as s
    join grid as g on s.is_drawn or g.at_hours in (0, 24, 168, 720, 2160, 4320)
),

at_risk as (
    select
        stratum_id, at_hours, is_event, is_grid,
        sum(weight) over (partition by stratum_id order by at_hours desc nulls last) as n_at_risk
    from members
),

steps as (
    select
        stratum_id, at_hours, coalesce(max(n_at_risk), 0) as n, cast(count(*) filter (where is_event) as double) as d,
        bool_or(is_grid) as is_grid
    from at_risk
    where is_event or is_grid
    group by stratum_id, at_hours
),

sums as (
    select
        *,
        sum(case when d < n then ln(1 - d / n) when d > 0 then cast('-infinity' as double) else 0 end) over before
            as log_share,
        sum(case when d < n then d / (n * (n - d)) else 0 end) over before as greenwood,
        sum(d) over before as n_events_so_far,
        lead(case when d > 0 then at_hours end ignore nulls) over (partition by stratum_id order by at_hours nulls last)
            as next_event_hours
    from steps
    window before as (partition by stratum_id order by at_hours nulls last rows unbounded preceding)
),

shares as (
    select
        c.*, exp(c.log_share) as survival_share,
        coalesce(d.design_effect, 1) as design_effect, d.freedom,
        coalesce(d.reach_quantile, r.normal_quantile) as reach_quantile,
        coalesce(sqrt(d.design_effect), 1) * sqrt(c.greenwood) as log_error
    from sums as c
    cross join metrics.rules as r
    left join metrics.survival_designs as d on d.stratum_id = c.stratum_id and d.clustering = 'week'
        and d.to_hours = case
            when c.at_hours <= 24 then 24 when c.at_hours <= 168 then 168 when c.at_hours <= 720 then 720 else 1e9 end
)

select
    c.stratum_id, c.at_hours, c.next_event_hours, cast(c.n as bigint) as n_at_risk,
    cast(c.d as bigint) as n_events_here, cast(c.n_events_so_far as bigint) as n_events_so_far, c.is_grid,
    c.survival_share, case when c.survival_share > 0 then c.survival_share * c.log_error end as survival_error,
    c.greenwood, c.design_effect, c.freedom, c.reach_quantile,
    case when c.survival_share > 0 and c.survival_share < 1
        then power(c.survival_share, exp(-c.reach_quantile * c.log_error / c.log_share)) end as survival_low,
    case when c.survival_share > 0 and c.survival_share < 1
        then power(c.survival_share, exp(c.reach_quantile * c.log_error / c.log_share)) end as survival_high
from shares as c
