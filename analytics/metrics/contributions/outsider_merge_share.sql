-- question: What happens within thirty days to a change proposed by an outsider?
-- title: changes from outside merged within 30 days
-- titles: closed_30d = changes from outside closed unmerged within 30 days; open_30d = changes from outside open
--   after 30 days
-- unit: share
-- better: high
-- standard: CHAOSS Change Request Acceptance Ratio (as a probability; competing risks, Aalen-Johansen)
-- caveats: `merged_30d`, `closed_30d` (without merging) and `open_30d` sum to 1. A change that is too recent counts
--   for as long as it was observed. `first`: the author's first change in the family's own repositories, as far as the
--   history was read; those from the first year of that history may not be the first and are excluded. `all`: all
--   changes by outsiders. A change that was closed and reopened counts by its current state. Drafts count from their
--   opening. The family's own repositories only. Outsiders are an upper bound: private members of an organisation look
--   like outsiders. Of changes from before the first visit the role is that at the visit, so outsiders who were
--   promoted by then are missing; the segment `since_visit` holds only changes from after it.
-- version: 5
-- proof: analytics/metrics/test_contributions.py::test_merged_closed_and_open_shut_each_other_out,
--   analytics/metrics/contributions/test_roles_at_the_visit.py::test_outsiders_promoted_since_are_missing,
--   analytics/estimates/test_survival.py::test_ways_of_ending_are_what_others_make_of_them
-- items: select d.item_id, c.url, d.family_id, d.channel_kind, d.channel_role, d.is_pooled, d.segment, d.age_days,
--   d.cause, d.duration_hours,
--   d.exclusion_reason from metrics.change_waits as d join staging.changes as c on c.change_id = d.item_id
-- shape: figure
-- covers: changes
-- of: changes by outsiders
-- segments: first, all, since_visit
-- statistics: merged_30d, closed_30d, open_30d
with reasons as (
    select
        d.family_id, d.channel_kind, case when s.pools_roles then 'all' else d.channel_role end as channel_role,
        d.segment, s."window", replace(d.exclusion_reason, 'negative', 'ended before they began') as reason,
        count(*) as left_count
    from metrics.change_waits as d
    join metrics.scopes as s on d.age_days <= s.window_days and (d.is_pooled or not s.pools_roles)
    where d.is_excluded
    group by all
),

left_out as (
    select
        family_id, channel_kind, channel_role, segment, "window",
        'Excluded: ' || string_agg(cast(left_count as varchar) || ' ' || reason, ', ' order by reason)
            || '.' as exclusion_note
    from reasons
    group by all
),

groups as (
    select family_id, channel_kind, channel_role, segment, "window"
    from metrics.event_estimates
    where wait = 'change'
    union
    select family_id, channel_kind, channel_role, segment, "window" from left_out
)

select
    g.family_id, g.channel_kind, g.channel_role, g.segment, t.statistic, g."window", c.value, c.low, c.high, c.n,
    c.n_events, c.n_censored, cast(null as varchar) as own_state,
    concat_ws(' ', case when c.n > 0 and c.value is null then 'No change was observed for that long.' end,
        l.exclusion_note) as own_note
from groups as g
cross join (values ('merged_30d', 'merged'), ('closed_30d', 'closed'), ('open_30d', 'waiting')) as t (statistic, cause)
left join metrics.event_estimates as c
    on c.wait = 'change'
        and c.family_id = g.family_id and c.channel_kind = g.channel_kind and c.channel_role = g.channel_role
        and c.segment = g.segment and c."window" = g."window" and c.cause = t.cause
left join left_out as l
    on l.family_id = g.family_id and l.channel_kind = g.channel_kind and l.channel_role = g.channel_role
        and l.segment = g.segment and l."window" = g."window"
