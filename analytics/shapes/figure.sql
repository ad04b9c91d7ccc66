-- question: What happens to figures before they are shown?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- unit: that of the metric
-- caveats: Every family has a row for every requested figure, with the reason if it has no value: a gap is neither a
--   zero nor a missing row. The wrapped query gives value, low, high, n, n_events and n_censored for the groups that it
--   knows, and may give a state and a note of its own. What the channel says (never collected, closed by policy) takes
--   precedence. Figures are rounded to the tenth digit: beyond it, sums of fractions depend on the order in which the
--   rows arrived.
with figures as (
    {{query}}
),

asked as (
    select c.family_id, c.channel_kind, c.channel_role, s.segment, t.statistic, w."window"
    from metrics.channel_coverage as c
    cross join (values {{segments}}) as s (segment)
    cross join (values {{statistics}}) as t (statistic)
    cross join (values {{windows}}) as w ("window")
    where c.subject = '{{covers}}' {{roles}}
    union
    select family_id, channel_kind, channel_role, segment, statistic, "window" from figures
),

judged as (
    select
        c.side, c.coverage_share, c.as_of_at, c.coverage_note, a.*, f.value, f.low, f.high, f.own_note,
        {{own_shortfall}} as own_shortfall,
        cast(coalesce(f.n, 0) as bigint) as n, cast(coalesce(f.n_events, 0) as bigint) as n_events,
        f.{{n_effective}} as n_effective, r.min_items_count, r.min_effective_count,
        cast(coalesce(f.n_censored, 0) as bigint) as n_censored,
        case
            when c.coverage_state not in ('measured', 'suspect') then c.coverage_state
            when f.own_state <> 'measured' then f.own_state
            when f.own_state is null and ({{gate}}) then 'not enough data'
            else c.coverage_state
        end as verdict
    from asked as a
    join metrics.channel_coverage as c
        on c.subject = '{{covers}}' and c.family_id = a.family_id and c.channel_kind = a.channel_kind
            and c.channel_role = a.channel_role
    cross join metrics.rules as r
    left join figures as f
        on f.family_id = a.family_id and f.channel_kind = a.channel_kind and f.channel_role = a.channel_role
            and f.segment = a.segment
        and f.statistic = a.statistic and f."window" = a."window"
)

select
    family_id, side, channel_kind, channel_role, segment, statistic, "window",
    case when verdict in ('measured', 'suspect') then round(cast(value as double), 10) end as value,
    case when verdict in ('measured', 'suspect') then round(cast(low as double), 10) end as low,
    case when verdict in ('measured', 'suspect') then round(cast(high as double), 10) end as high,
    '{{unit}}' as unit, n, n_events, n_censored,
    coverage_share, as_of_at, {{version}} as method_version, verdict as state,
    nullif(concat_ws(
        ' ',
        case
            when verdict <> 'not enough data' then null
            when own_shortfall is not null then own_shortfall
            when n >= min_items_count and n_effective < min_effective_count then 'Only ' || cast(n as varchar)
                || ' {{of}}, worth ' || cast(cast(floor(n_effective) as bigint) as varchar)
                || ' that do not depend on each other.'
            else {{shortfall}}
        end,
        nullif(own_note, ''),
        {{accuracy}}
        coverage_note
    ), '') as note
from judged
