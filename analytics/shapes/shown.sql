-- question: What is shown of a metric: its figures as far as its channels allow, and why there is none for the others?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- unit: that of the metric
-- caveats: Every family has a row for every requested figure, with the reason if it has no value: a gap is neither a
--   zero nor a missing row. What the channel says (never collected, closed by policy, not observable) takes precedence
--   over what was counted, and a warning makes a measured figure `suspect`.
with own as (
    select * from metrics.figures where metric = '{{name}}'
),

covered as (
    select *, coverage_state in ('measured', 'suspect') as is_readable
    from metrics.channel_coverage
    where subject = '{{covers}}'
),

groups as (
    select * exclude (metric) from own
    union all by name
    select
        c.family_id, c.channel_kind, c.channel_role, s.segment, t.statistic, w."window", 0 as n, 0 as n_events,
        0 as n_censored, 'not enough data' as state, '{{nothing}}' as note
    from covered as c
    cross join (values {{segments}}) as s (segment)
    cross join (values {{statistics}}) as t (statistic)
    cross join (values {{windows}}) as w ("window")
    anti join own using (family_id, channel_kind, channel_role, segment, statistic, "window")
    where true {{roles}}
)

select
    g.family_id, c.side, g.channel_kind, g.channel_role, g.segment, g.statistic, g."window",
    case when c.is_readable then g.value end as value, case when c.is_readable then g.low end as low,
    case when c.is_readable then g.high end as high, '{{unit}}' as unit, g.n, g.n_events, g.n_censored,
    c.coverage_share, c.as_of_at, {{version}} as method_version,
    if(c.is_readable and g.state <> 'measured', g.state, c.coverage_state) as state,
    nullif(concat_ws(' ', if(c.is_readable, g.note, null), c.coverage_note), '') as note
from groups as g
join covered as c
    on c.family_id = g.family_id and c.channel_kind = g.channel_kind and c.channel_role = g.channel_role
