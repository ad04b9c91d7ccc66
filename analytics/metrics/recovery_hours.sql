-- question: How long until trouble is over?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- unit: hours
-- standard: Time to Recover
-- caveats: Outages and degradations, from the stated beginning (else the first post) to the stated end. What still goes on is censored
--   when last seen. Incidents whose length nobody stated (posted when over, or never ended) are left out and counted in the note: they
--   are neither 0 nor endless. Compare the segment `api`; `all` is everything on the page.
-- version: 1
with wanted as (
    select c.*, s.segment, t.statistic, w."window", w.window_days
    from metrics.channel_coverage as c
    cross join (values ('all'), ('api')) as s (segment)
    cross join (values ('median'), ('p90')) as t (statistic)
    cross join (select distinct "window", window_days from metrics.scopes) as w
    where c.subject = 'incidents' and c.channel_role = 'all'
),

unknown as (
    select w.family_id, w.segment, w."window", count(*) as unknown_count
    from (select distinct family_id, segment, "window", window_days from wanted) as w
    join metrics.incident_windows as i
        on i.family_id = w.family_id and i.age_days <= w.window_days and (w.segment = 'all' or i.is_api)
    where i.is_disturbance and (i.is_end_unknown or not i.is_start_known)
    group by all
),

judged as (
    select
        w.*, q.value, q.low, q.high, coalesce(q.n, 0) as n, coalesce(q.n_events, 0) as n_events, coalesce(q.n_censored, 0) as n_censored,
        u.unknown_count,
        case
            when w.coverage_state <> 'measured' then w.coverage_state
            when coalesce(q.n, 0) < r.min_items_count or q.n_events < r.min_events_count then 'not enough data'
            else 'measured'
        end as state
    from wanted as w
    cross join metrics.rules as r
    left join metrics.survival_summary as q
        on q.subject = 'recovery' and q.family_id = w.family_id and q.channel_role = 'all' and q.segment = w.segment
        and q."window" = w."window" and q.statistic = w.statistic
    left join unknown as u on u.family_id = w.family_id and u.segment = w.segment and u."window" = w."window"
)

select
    family_id, side, channel_kind, channel_role, segment, statistic, "window",
    case when state = 'measured' then value end as value,
    case when state = 'measured' then low end as low,
    case when state = 'measured' then high end as high,
    'hours' as unit, n, n_events, n_censored, coverage_share, as_of_at, 1 as method_version, state as state,
    nullif(concat_ws(
        ' ',
        case when state = 'measured' and value is null then 'Not reached in the window: too many still go on.' end,
        case when state = 'not enough data' then 'Only ' || n || ' incidents of known length.' end,
        case when unknown_count > 0 then 'Left out: ' || unknown_count || ' of unknown length.' end,
        coverage_note
    ), '') as note
from judged
