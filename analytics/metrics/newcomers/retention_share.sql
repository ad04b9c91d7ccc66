-- question: What share of new people returns in another month?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: new people who return
-- titles: within_90d = new people who return within 90 days; within_180d = new people who return within 180 days
-- unit: share
-- better: high
-- standard: none (Kaplan-Meier)
-- caveats: From a person's first thread, answer or proposed change to the first one at least 30 days later, in any
--   channel of that source that concerns the family: a person who returns within 90 (180) days was active in a second
--   month. `askers`, `answerers` and `contributors` by what they did first. People who arrived too recently count for
--   as long as they were observed. People first seen in the first year that was read may not be new and are left out. A
--   person who was helped at once has no need to return: a low share of askers is no reproach. `contributors` has rows
--   only where changes were proposed and collected.
-- version: 1
-- proof: analytics/metrics/test_newcomers.py::test_who_is_back_in_another_month
-- items: select d.item_id, p.url, d.family_id, d.channel_kind, d.channel_role, d.is_pooled, d.segment, d.age_days,
--   d.duration_hours, d.is_event,
--   d.exclusion_reason from metrics.survival_durations as d
--   join metrics.people_activity as p on p.person_id = d.item_id and p.activity = 'all' where d.subject = 'return'
-- shape: figure
-- covers: threads
-- of: new people
-- segments: all, askers, answerers
-- statistics: within_90d, within_180d
-- windows: 365d, all
-- gate: events
with groups as (
    select family_id, channel_kind, channel_role, segment, "window"
        from metrics.survival_totals where subject = 'return'
    union
    select family_id, channel_kind, channel_role, segment, "window"
        from metrics.people_left_out where subject = 'return'
)

select
    g.family_id, g.channel_kind, g.channel_role, g.segment, s.statistic, g."window", c.value, c.low, c.high, t.n,
    t.n_effective, t.n_events, t.n_censored, cast(null as varchar) as own_state,
    concat_ws(' ', case when t.n > 0 and c.value is null then 'Nobody was observed for that long.' end,
        l.exclusion_note)
        as own_note
from groups as g
cross join (values ('within_90d', 2160.0), ('within_180d', 4320.0)) as s (statistic, hours)
left join metrics.survival_totals as t
    on t.subject = 'return' and t.family_id = g.family_id and t.channel_kind = g.channel_kind
        and t.channel_role = g.channel_role
    and t.segment = g.segment and t."window" = g."window"
left join metrics.survival_shares as c
    on c.subject = 'return' and c.family_id = g.family_id and c.channel_kind = g.channel_kind
        and c.channel_role = g.channel_role
    and c.segment = g.segment and c."window" = g."window" and c.hours = s.hours
left join metrics.people_left_out as l
    on l.subject = 'return' and l.family_id = g.family_id and l.channel_kind = g.channel_kind
        and l.channel_role = g.channel_role
    and l.segment = g.segment and l."window" = g."window"
where g."window" in ('365d', 'all')
