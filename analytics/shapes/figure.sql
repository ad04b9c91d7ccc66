-- question: What do the items of each metric say, as far as there are any?
-- grain: metric, family_id, channel_kind, channel_role, segment, statistic, window
-- unit: that of the metric
-- caveats: The wrapped query gives value, low, high, n, n_events and n_censored for the groups that it knows, and may
--   give a state and a note of its own. A requested group of which it says nothing has no row here: the metric's own
--   view adds those groups, and what coverage and warnings say of the channels. Figures are rounded to the tenth digit:
--   beyond it, sums depend on the order of the rows.
with figures as (
    {{query}}
),

judged as (
    select
        f.family_id, f.channel_kind, f.channel_role, f.segment, f.statistic, f."window", f.value, f.low, f.high,
        nullif(f.own_note, '') as own_note, {{own_shortfall}} as own_shortfall,
        cast(coalesce(f.n, 0) as bigint) as n, cast(coalesce(f.n_events, 0) as bigint) as n_events,
        cast(coalesce(f.n_censored, 0) as bigint) as n_censored, r.min_items_count, r.widest_share_interval,
        coalesce(f.own_state, if({{gate}}, 'not enough data', 'measured')) as verdict
    from figures as f
    cross join metrics.rules as r
)

select
    family_id, channel_kind, channel_role, segment, statistic, "window",
    case when verdict = 'measured' then round(cast(value as double), 10) end as value,
    case when verdict = 'measured' then round(cast(low as double), 10) end as low,
    case when verdict = 'measured' then round(cast(high as double), 10) end as high,
    n, n_events, n_censored, verdict as state,
    nullif(concat_ws(
        ' ', case when verdict = 'not enough data' then coalesce(own_shortfall, {{shortfall}}) end,
        own_note{{accuracy}}
    ), '') as note
from judged
where n > 0 or coalesce(value, low, high) is not null or verdict <> 'not enough data'
    or coalesce(own_note, own_shortfall) is not null
    -- Only the query knows of groups that are not asked of every family.
    or segment not in (from (values {{segments}})) or statistic not in (from (values {{statistics}}))
