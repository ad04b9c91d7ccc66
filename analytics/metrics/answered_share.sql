-- question: What share of those who ask is answered by a person within a day, a week, a month?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- unit: share
-- standard: CHAOSS Time to First Response (as a probability)
-- caveats: One minus the share still waiting, which counts threads too young to know for as long as they were watched. Who counts as
--   whom, and what is compared with what, is as for first_response_hours. Empty where no thread was watched for that long.
-- version: 2
with wanted as (
    select c.*, s.segment, t.statistic, t.hours, w."window"
    from metrics.channel_coverage as c
    cross join (values ('anyone'), ('staff'), ('maintainer'), ('outsider')) as s (segment)
    cross join (values ('within_24h', 24.0), ('within_7d', 168.0), ('within_30d', 720.0)) as t (statistic, hours)
    cross join (select distinct "window" from metrics.scopes) as w
    where c.subject = 'threads'
),

judged as (
    select
        w.*, a.value, a.low, a.high, coalesce(q.n, 0) as n, coalesce(q.n_events, 0) as n_events, coalesce(q.n_censored, 0) as n_censored,
        case
            when w.coverage_state <> 'measured' then w.coverage_state
            when coalesce(q.n, 0) < r.min_items_count or q.n_events < r.min_events_count or a.value is null then 'not enough data'
            else 'measured'
        end as state
    from wanted as w
    cross join metrics.rules as r
    left join metrics.survival_summary as q
        on q.subject = 'response' and q.family_id = w.family_id and q.channel_kind = w.channel_kind and q.channel_role = w.channel_role
        and q.segment = w.segment and q."window" = w."window" and q.statistic = 'median'
    left join metrics.answered_curve as a
        on a.family_id = w.family_id and a.channel_kind = w.channel_kind and a.channel_role = w.channel_role and a.segment = w.segment
        and a."window" = w."window" and a.hours = w.hours
)

select
    j.family_id, j.side, j.channel_kind, j.channel_role, j.segment, j.statistic, j."window",
    case when j.state = 'measured' then j.value end as value,
    case when j.state = 'measured' then j.low end as low,
    case when j.state = 'measured' then j.high end as high,
    'share' as unit, j.n, j.n_events, j.n_censored, j.coverage_share, j.as_of_at, 2 as method_version, j.state as state,
    nullif(concat_ws(
        ' ',
        case
            when j.state = 'not enough data' and j.value is null and j.n > 0 then 'No thread was watched for so long.'
            when j.state = 'not enough data' then 'Only ' || j.n_events || ' of ' || j.n || ' answered so far.'
        end,
        j.coverage_note,
        case when j.coverage_state = 'measured' then e.exclusion_note end
    ), '') as note
from judged as j
left join metrics.thread_exclusions as e
    on e.family_id = j.family_id and e.channel_kind = j.channel_kind and e.channel_role = j.channel_role and e.segment = j.segment
    and e."window" = j."window"
