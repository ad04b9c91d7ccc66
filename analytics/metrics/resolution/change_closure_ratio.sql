-- question: Are as many changes closed as are proposed?
-- title: changes closed by changes proposed
-- unit: ratio
-- better: high
-- standard: CHAOSS Change Request Closure Ratio
-- caveats: Closed in the window, merged or not and whenever proposed, divided by proposed in the window: above 1,
--   the backlog shrinks. One ratio of two counts for each window, never a mean of ratios of shorter ones. `people`
--   leaves out changes proposed by bots and agents. The interval is that of a ratio
--   of two sums (linearised, on the log scale, with one change more); changes of one week, and of weeks beside each
--   other, may be alike (see shapes/worth). If none is closed, the upper end is that of a Poisson count of none among the
--   independent changes that those proposed are worth. A change counts in the week of its proposal, or of its end if it
--   was proposed before the window. Empty if nothing was proposed, or if part of the window was not read. The family's
--   own repositories only.
-- version: 4
-- proof: analytics/metrics/test_resolution.py::test_closed_over_proposed_is_one_ratio_of_two_counts
-- items: select change_id as item_id, url, family_id, 'tracker' as channel_kind, channel_role, opened_at, closed_at,
--   author_role from staging.changes
-- shape: figure
-- covers: changes
-- segments: all, people
-- statistics: closed_by_opened
-- windows: 30d, 90d, 365d
-- gate: items
with dated_changes as (
    select
        c.change_id, g.segment, c.family_id, c.channel_role,
        date_diff('microsecond', c.opened_at, v.clock_at) / 86400e6 as opened_days,
        date_diff('microsecond', c.closed_at, v.clock_at) / 86400e6 as closed_days,
        coalesce(date_diff('microsecond', v.reach_at, v.clock_at) / 86400e6, 1000000) as read_days
    from staging.changes as c
    join (values ('all'), ('people')) as g (segment) on g.segment = 'all' or c.author_role not in ('bot', 'agent')
    left join staging.visits as v on v.channel_id = c.channel_id and v.thing = 'pulls'
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

moved as (
    select
        concat_ws('/', c.family_id, c.channel_role, c.segment, c."window") as figure_id,
        cast(floor(if(d.opened_days <= s.window_days, d.opened_days, d.closed_days) / 7) as bigint) as week,
        if(d.closed_days <= s.window_days, 1, 0) - c.closed / c.opened * if(d.opened_days <= s.window_days, 1, 0) as move
    from dated_changes as d
    join metrics.scopes as s on d.opened_days <= s.window_days or d.closed_days <= s.window_days
    join counted as c
        on c.family_id = d.family_id and c.channel_role = if(s.pools_roles, 'all', d.channel_role)
            and c.segment = d.segment and c."window" = s."window"
    where c.opened > 0
),

strays as (
    select
        figure_id, week, cast(null as ubigint) as person_key, cast(count(*) as double) as n,
        cast(sum(move) as double) as stray, cast(sum(move * move) as double) as alone
    from moved
    group by all
),

{{worth}},

bounded as (
    select
        c.*, closed / nullif(opened, 0) as ratio, -ln(r.tail_share) / w.n_worth as none_closed_high,
        r.normal_quantile * sqrt(t.independent * t.n / w.n_worth + 1) / nullif(closed, 0) as reach
    from counted as c
    cross join metrics.rules as r
    left join worth as w on w.figure_id = concat_ws('/', c.family_id, c.channel_role, c.segment, c."window")
    left join totals as t on t.figure_id = w.figure_id
)

select
    family_id, 'tracker' as channel_kind, channel_role, segment, 'closed_by_opened' as statistic, "window",
    ratio as value, case when closed = 0 then ratio else ratio * exp(-reach) end as low,
    case when closed = 0 then none_closed_high else ratio * exp(reach) end as high,
    opened as n, closed as n_events, 0 as n_censored,
    case when is_part_read then 'not enough data' end as own_state,
    concat_ws(
        ' ',
        cast(cast(closed as bigint) as varchar) || ' closed, ' || cast(cast(opened as bigint) as varchar)
            || ' proposed.',
        case when is_part_read then 'Part of the window was not read.' end
    ) as own_note
from bounded
