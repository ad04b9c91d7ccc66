-- question: How many days pass from one release to the next?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- unit: days
-- standard: CHAOSS Release Frequency
-- caveats: Gaps that begin in the window, within one repository or changelog, pre-releases apart from stable ones. The gap that is still
--   open is censored at the last good visit, so a line that has gone quiet is not taken for a quick one. Compare a role with the same
--   role: a library is released more often than a model. One repository that releases several packages has shorter gaps than each of
--   them.
-- version: 1
with wanted as (
    select c.*, s.segment, t.statistic, w."window"
    from metrics.channel_coverage as c
    cross join (values ('stable'), ('pre-release')) as s (segment)
    cross join (values ('p25'), ('median'), ('p75')) as t (statistic)
    cross join (select distinct "window" from metrics.scopes) as w
    where c.subject = 'releases' and (c.channel_role <> 'all' or c.channels_count = 0)
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
        on q.subject = 'release' and q.family_id = w.family_id and q.channel_kind = w.channel_kind and q.channel_role = w.channel_role
        and q.segment = w.segment and q."window" = w."window" and q.statistic = w.statistic
)

select
    family_id, side, channel_kind, channel_role, segment, statistic, "window",
    case when state = 'measured' then value / 24 end as value,
    case when state = 'measured' then low / 24 end as low,
    case when state = 'measured' then high / 24 end as high,
    'days' as unit, n, n_events, n_censored, coverage_share, as_of_at, 1 as method_version, state as state,
    nullif(concat_ws(
        ' ',
        case
            when state = 'measured' and value is null then 'Not reached in the window: too few releases had a next one.'
            when state = 'not enough data' then 'Only ' || n || ' releases in the window, ' || n_events || ' with a next one.'
        end,
        coverage_note
    ), '') as note
from judged
