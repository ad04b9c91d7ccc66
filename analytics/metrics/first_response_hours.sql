-- question: How long does somebody who asks wait for the first answer by a person?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- unit: hours
-- standard: CHAOSS Time to First Response
-- caveats: A thread that nobody answered counts as still waiting when last seen, closed or not: closing is no answer. The segments say
--   who answers: `anyone` is people (staff, maintainers, outsiders, deleted accounts), and for each class the clock runs until its own
--   first reply, whoever else replied before; agents are apart and bots never count. The role `all` pools a family's own trackers;
--   compare a role with the same role, since a library's tracker and a model's are asked different things. Threads of channels that many
--   families share count under their role only. `answered_only_median` leaves out those who still wait, as most tools do: it is there to
--   compare with them, not to judge by.
-- version: 2
with wanted as (
    select c.*, s.segment, t.statistic, w."window"
    from metrics.channel_coverage as c
    cross join (values ('anyone'), ('staff'), ('maintainer'), ('outsider'), ('agent')) as s (segment)
    cross join (values ('median'), ('p80'), ('rmst_7d'), ('answered_only_median')) as t (statistic)
    cross join (select distinct "window" from metrics.scopes) as w
    where c.subject = 'threads'
),

judged as (
    select
        w.*, q.value, q.low, q.high, coalesce(q.n, 0) as n, coalesce(q.n_events, 0) as n_events, coalesce(q.n_censored, 0) as n_censored,
        case
            when w.coverage_state <> 'measured' then w.coverage_state
            when coalesce(q.n, 0) < r.min_items_count or q.n_events < r.min_events_count then 'not enough data'
            else 'measured'
        end as state
    from wanted as w
    cross join metrics.rules as r
    left join metrics.survival_summary as q
        on q.subject = 'response' and q.family_id = w.family_id and q.channel_kind = w.channel_kind and q.channel_role = w.channel_role
        and q.segment = w.segment and q."window" = w."window" and q.statistic = w.statistic
)

select
    j.family_id, j.side, j.channel_kind, j.channel_role, j.segment, j.statistic, j."window",
    case when j.state = 'measured' then j.value end as value,
    case when j.state = 'measured' then j.low end as low,
    case when j.state = 'measured' then j.high end as high,
    'hours' as unit, j.n, j.n_events, j.n_censored, j.coverage_share, j.as_of_at, 2 as method_version, j.state as state,
    nullif(concat_ws(
        ' ',
        case
            when j.state = 'not enough data' then 'Only ' || j.n_events || ' of ' || j.n || ' answered so far.'
            when j.state = 'measured' and j.value is null and j.statistic = 'rmst_7d' then 'No thread was followed for 7 days.'
            when j.state = 'measured' and j.value is null then 'Not reached in the window: too many still wait.'
        end,
        j.coverage_note,
        case when j.coverage_state = 'measured' then e.exclusion_note end
    ), '') as note
from judged as j
left join metrics.thread_exclusions as e
    on e.family_id = j.family_id and e.channel_kind = j.channel_kind and e.channel_role = j.channel_role and e.segment = j.segment
    and e."window" = j."window"
