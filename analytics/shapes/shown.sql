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

asked as (
    select c.family_id, c.channel_kind, c.channel_role, s.segment, t.statistic, w."window"
    from covered as c
    cross join (values {{segments}}) as s (segment)
    cross join (values {{statistics}}) as t (statistic)
    cross join (values {{windows}}) as w ("window")
    where true {{roles}}
    union
    select family_id, channel_kind, channel_role, segment, statistic, "window" from own
)

select
    a.family_id, c.side, a.channel_kind, a.channel_role, a.segment, a.statistic, a."window",
    case when c.is_readable then f.value end as value, case when c.is_readable then f.low end as low,
    case when c.is_readable then f.high end as high, '{{unit}}' as unit, coalesce(f.n, 0) as n,
    coalesce(f.n_events, 0) as n_events, coalesce(f.n_censored, 0) as n_censored, c.coverage_share, c.as_of_at,
    {{version}} as method_version,
    case when c.is_readable and f.state is distinct from 'measured' then coalesce(f.state, 'not enough data')
        else c.coverage_state end as state,
    nullif(concat_ws(
        ' ', case when c.is_readable then if(f.state is null, '{{nothing}}', f.note) end, c.coverage_note
    ), '') as note
from asked as a
join covered as c
    on c.family_id = a.family_id and c.channel_kind = a.channel_kind and c.channel_role = a.channel_role
left join own as f
    on f.family_id = a.family_id and f.channel_kind = a.channel_kind and f.channel_role = a.channel_role
        and f.segment = a.segment and f.statistic = a.statistic and f."window" = a."window"
