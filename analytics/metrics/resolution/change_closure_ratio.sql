-- question: Are as many changes closed as are proposed?
-- title: changes closed by changes proposed
-- unit: ratio
-- better: high
-- standard: CHAOSS Change Request Closure Ratio
-- caveats: Closed in the window, merged or not and whenever proposed, divided by proposed in the window: above 1,
--   the backlog shrinks. One ratio of two counts for each window, never a mean of ratios of shorter ones. `people`
--   leaves out changes proposed by bots and agents. The interval takes changes as random and independent of each
--   other, each with its own part in both counts (linearised, on the log scale, with one change more), and adds
--   that what lies across the edges of the window varies from month to month: as proposals did in the last year,
--   beyond chance, if half of it was read, else by 30 %. Empty if nothing was proposed, or if
--   part of the window was not read. The family's own repositories only.
-- version: 2
-- proof: analytics/metrics/test_resolution.py::test_closed_over_proposed_is_one_ratio_of_two_counts
-- items: select change_id as item_id, url, family_id, 'tracker' as channel_kind, channel_role, opened_at, closed_at,
--   author_role from staging.changes
-- shape: figure
-- covers: changes
-- segments: all, people
-- statistics: closed_by_opened
-- windows: 30d, 90d, 365d
-- gate: items
with visits as (
    select channel_id, max(coalesce(as_of_at, last_run_at)) as as_of_at, max(reach_at) as reach_at
    from metrics.visits
    where thing = 'pulls'
    group by channel_id
),

dated_changes as (
    select
        c.change_id, g.segment, c.family_id, c.channel_role,
        date_diff('microsecond', c.opened_at, coalesce(v.as_of_at, c.seen_at)) / 86400e6 as opened_days,
        date_diff('microsecond', c.closed_at, coalesce(v.as_of_at, c.seen_at)) / 86400e6 as closed_days,
        coalesce(date_diff('microsecond', v.reach_at, v.as_of_at) / 86400e6, 1000000) as read_days
    from staging.changes as c
    join (values ('all'), ('people')) as g (segment) on g.segment = 'all' or c.author_role not in ('bot', 'agent')
    left join visits as v on v.channel_id = c.channel_id
    where c.family_id is not null
),

counted as (
    select
        d.family_id, case when s.pools_roles then 'all' else d.channel_role end as channel_role, d.segment, s."window",
        cast(count(*) filter (where d.opened_days <= s.window_days) as double) as opened,
        cast(count(*) filter (where d.closed_days <= s.window_days) as double) as closed,
        cast(count(*) filter (where d.opened_days <= s.window_days and d.closed_days <= s.window_days) as double)
            as both_counts,
        -- A day less is no hole: the first visit reads from a midnight on.
        bool_or(d.read_days < s.window_days - 1) as is_part_read
    from dated_changes as d
    cross join metrics.scopes as s
    where s."window" <> 'all'
    group by all
),

monthly as (
    select
        d.family_id, case when p.pools_roles then 'all' else d.channel_role end as channel_role, d.segment,
        floor(d.opened_days / 30) as month_number, cast(count(*) as double) as month_count,
        min(d.read_days) as read_days
    from dated_changes as d
    cross join (select distinct pools_roles from metrics.scopes) as p
    group by all
),

spanned as (
    select *, least(max(month_number) over s, floor((min(read_days) over s + 1) / 30), 12) as months_count
    from monthly
    window s as (partition by family_id, channel_role, segment)
),

varied as (
    select
        family_id, channel_role, segment, any_value(months_count) - 1 as freedom,
        sum(month_count) / any_value(months_count) as mean,
        (sum(power(month_count, 2)) - power(sum(month_count), 2) / any_value(months_count))
            / (any_value(months_count) - 1) as variance
    from spanned
    where month_number < months_count and months_count >= 6
    group by all
),

weighed as (
    select
        v.*, r.assumed_clusters, power(r.assumed_variation, 2) / (1 + exp(least(500, freedom / 2 * (
            ln(1 + power(r.assumed_variation, 2) * mean)
            - variance / mean * (1 - 1 / (1 + power(r.assumed_variation, 2) * mean))
        ))) / r.assumed_odds) as likely
    from varied as v
    cross join metrics.rules as r
),

proposal_variations as (
    select
        family_id, channel_role, segment, greatest(0, (
            freedom * (variance - mean) / power(mean, 2) + assumed_clusters * likely
        ) / (freedom + assumed_clusters)) as variation
    from weighed
),

-- A change that was proposed and closed in the window moves both counts: what moves their ratio is mostly the rest.
bounded as (
    select
        c.*, r.tail_share, closed / nullif(opened, 0) as ratio,
        r.normal_quantile * sqrt(both_counts * power(1 - closed / nullif(opened, 0), 2)
            + (opened - both_counts) * power(closed / nullif(opened, 0), 2) + closed - both_counts + 1
            + 2 * coalesce(v.variation, power(r.assumed_variation, 2)) * power(closed - both_counts, 2))
            / nullif(closed, 0) as reach
    from counted as c
    cross join metrics.rules as r
    left join proposal_variations as v
        on v.family_id = c.family_id and v.channel_role = c.channel_role and v.segment = c.segment
)

select
    family_id, 'tracker' as channel_kind, channel_role, segment, 'closed_by_opened' as statistic, "window",
    ratio as value, case when closed = 0 then ratio else ratio * exp(-reach) end as low,
    case when closed = 0 then -ln(tail_share) / nullif(opened, 0) else ratio * exp(reach) end as high,
    opened as n, closed as n_events, 0 as n_censored,
    case when is_part_read then 'not enough data' end as own_state,
    concat_ws(
        ' ',
        cast(cast(closed as bigint) as varchar) || ' closed, ' || cast(cast(opened as bigint) as varchar)
            || ' proposed.',
        case when is_part_read then 'Part of the window was not read.' end
    ) as own_note
from bounded
