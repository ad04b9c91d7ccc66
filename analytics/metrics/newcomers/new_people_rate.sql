-- question: How many new people arrive in thirty days?
-- title: new people in 30 days
-- titles: per_30d/askers = new people who ask in 30 days; per_30d/answerers = new people who answer in 30 days;
--   per_30d/contributors = new people who propose changes in 30 days
-- unit: per 30 days
-- better: high
-- standard: CHAOSS New Contributors
-- caveats: People whose first thread (`askers`), answer (`answerers`) or proposed change (`contributors`) falls in the
--   window, in the channels of that source that concern the family, without bots and agents, with the interval of a
--   Poisson rate widened by how much weekly counts vary and resemble their
--   neighbours (event_counts). They count if they were
--   first seen. Nobody can be known to be new in the first 365 days that were read, so neither those days nor the
--   people first seen in them count. A person who writes rarely enough may count as new again, and a person with two
--   accounts counts twice.
-- version: 3
-- proof: analytics/metrics/test_newcomers.py::test_new_people_in_thirty_days,
--   analytics/metrics/test_newcomers.py::test_nobody_is_new_in_the_first_year_that_was_read
-- items: select person_id as item_id, url, family_id, channel_kind, channel_role, is_pooled, activity as segment,
--   first_at, age_days,
--   case when not is_known_first then 'first seen in the first year that was read' end as exclusion_reason
--   from metrics.people_activity
-- shape: figure
-- covers: threads
-- of: people
-- segments: askers, answerers, contributors
-- statistics: per_30d
-- gate: none
with groups as (
    select t.family_id, t.channel_kind, t.channel_role, count(c.channel_id) as changes_count
    from metrics.thread_channels as t
    left join metrics.covered_channels as c
        on c.subject = 'changes' and c.family_id = t.family_id and c.channel_kind = t.channel_kind
            and c.channel_role = t.channel_role and c.is_collected
    group by all
)

select
    c.family_id, c.channel_kind, c.channel_role, g.segment, 'per_30d' as statistic, w."window",
    n.events_count / nullif(n.observed_days, 0) * 30 as value,
    n.mean_low / nullif(n.observed_days, 0) * 30 as low,
    n.mean_high / nullif(n.observed_days, 0) * 30 as high,
    n.events_count as n, n.events_count as n_events, 0 as n_censored,
    case
        when g.segment = 'contributors' and c.channel_kind <> 'tracker' then 'not applicable'
        when g.segment = 'contributors' and c.changes_count = 0 then 'not collected'
        when coalesce(n.observed_days, 0) < r.min_observed_days then 'not enough data'
    end as own_state,
    concat_ws(
        ' ',
        case
            when g.segment <> 'contributors' then null
            when c.channel_kind <> 'tracker' then 'Changes are proposed in trackers only.'
            when c.changes_count = 0 then 'No proposed changes are collected there.'
        end,
        'Known for ' || cast(round(n.observed_days, 1) as varchar) || ' days.',
        case when n.left_out_count > 0
            then 'Excluded: ' || cast(n.left_out_count as varchar) || ' first seen in the first year that was read.' end
    ) as own_note
from groups as c
cross join (values ('askers'), ('answerers'), ('contributors')) as g (segment)
cross join (select distinct "window" from metrics.scopes) as w
cross join metrics.rules as r
left join metrics.rate_limits as n
    on n.rate = 'people' and n.family_id = c.family_id and n.channel_kind = c.channel_kind
        and n.channel_role = c.channel_role and n.segment = g.segment and n."window" = w."window"
