-- question: What is shown of a metric: its figures, and the kind of nothing of every other group?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- unit: that of the metric
-- caveats: Every family has a row for every requested figure, with the reason if it has no value: a gap is neither a
--   zero nor a missing row. The reason is that of the channel's coverage, or that nothing was there to measure.
with own as (
    select * exclude (metric) from metrics.figures where metric = '{{name}}'
),

asked as (
    select
        c.family_id, c.side, c.channel_kind, c.channel_role, s.segment, t.statistic, w."window", c.coverage_share,
        c.as_of_at, c.coverage_note,
        if(c.coverage_state in ('measured', 'suspect'), 'not enough data', c.coverage_state) as state
    from metrics.{{coverage_table}} as c
    cross join (values {{segments}}) as s (segment)
    cross join (values {{statistics}}) as t (statistic)
    cross join (values {{windows}}) as w ("window")
    where c.subject = '{{covers}}' {{roles}}
)

from own
union all
select
    family_id, side, channel_kind, channel_role, segment, statistic, "window", null, null, null, '{{unit}}', 0, 0, 0,
    coverage_share, as_of_at, {{version}}, state,
    nullif(concat_ws(' ', case when state = 'not enough data' then '{{nothing}}' end, coverage_note), '')
from asked
anti join own using (family_id, channel_kind, channel_role, segment, statistic, "window")
