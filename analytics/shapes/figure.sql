-- question: What do the figures of each metric say, as far as there are any?
-- grain: metric, family_id, channel_kind, channel_role, segment, statistic, window
-- unit: that of the metric
-- caveats: The wrapped query gives value, low, high, n, n_events and n_censored for the groups that it knows, and may
--   give a state and a note of its own. A requested group of which it says nothing (no item, no state, no note) has no
--   row here: the metric's own view adds it, with the reason that the coverage of its channels gives. What the channel
--   says (never collected, closed by policy) takes precedence. Figures are rounded to the tenth digit: beyond it, sums of fractions depend on the order in which the
--   rows arrived.
with figures as (
    {{query}}
),

judged as (
    select
        c.side, c.coverage_share, c.as_of_at, c.coverage_note, f.family_id, f.channel_kind, f.channel_role, f.segment,
        f.statistic, f."window", f.value, f.low, f.high,
        if(c.coverage_state = 'not observable', null, nullif(f.own_note, '')) as own_note,
        {{own_shortfall}} as own_shortfall,
        cast(coalesce(f.n, 0) as bigint) as n, cast(coalesce(f.n_events, 0) as bigint) as n_events,
        r.min_items_count, r.widest_share_interval,
        cast(coalesce(f.n_censored, 0) as bigint) as n_censored,
        case
            when c.coverage_state not in ('measured', 'suspect') then c.coverage_state
            when f.own_state <> 'measured' then f.own_state
            when f.own_state is null and ({{gate}}) then 'not enough data'
            else c.coverage_state
        end as verdict,
        if(c.coverage_state in ('measured', 'suspect'), 'not enough data', c.coverage_state) as usual_nothing
    from figures as f
    join metrics.{{coverage_table}} as c
        on c.subject = '{{covers}}' and c.family_id = f.family_id and c.channel_kind = f.channel_kind
            and c.channel_role = f.channel_role
    cross join metrics.rules as r
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
            else {{shortfall}}
        end,
        own_note,
        {{accuracy}}
        coverage_note
    ), '') as note
from judged
where n > 0 or coalesce(value, low, high) is not null or verdict <> usual_nothing
    or coalesce(own_note, own_shortfall) is not null
    -- Only the query knows of groups that are not asked of every family.
    or segment not in (from (values {{segments}})) or statistic not in (from (values {{statistics}}))
