-- question: What is shown of a metric: its figures as far as its channels allow, and why there is none for the others?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- unit: that of the metric
-- caveats: Every family has a row for every requested figure, with the reason if it has no value: a gap is neither a
--   zero nor a missing row. What the channel says (never collected, closed by policy, not observable) takes precedence
--   over what was counted. A measured figure is `suspect` if its channel has a warning, or if a reader of texts that it
--   rests on fails its gate, over all labels or on those of its side; hosts have none, and need both sides.
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
),

said as (
    select g.*, c.* exclude (family_id, channel_kind, channel_role), (
        select string_agg(e.reason, ' ' order by e.reason)
        from (values {{readers}}) as r (statistic, segment, feature)
        join metrics.reader_gates as e on e.feature = r.feature and not e.is_passed
        where c.is_readable and g.state = 'measured' and (e.side in ('all', c.side) or c.side = 'host')
            and r.statistic in ('', g.statistic) and starts_with(g.segment, r.segment)
    ) as unread_note
    from groups as g
    join covered as c using (family_id, channel_kind, channel_role)
)

select
    family_id, side, channel_kind, channel_role, segment, statistic, "window",
    if(is_readable, value, null) as value, if(is_readable, low, null) as low, if(is_readable, high, null) as high,
    '{{unit}}' as unit, n, n_events, n_censored, coverage_share, as_of_at, {{version}} as method_version,
    if(is_readable and state <> 'measured', state, if(unread_note is null, coverage_state, 'suspect')) as state,
    nullif(concat_ws(' ', if(is_readable, note, null), unread_note, coverage_note), '') as note
from said
