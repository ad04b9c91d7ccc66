-- question: What share of askers later answers others, or proposes a change?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: askers who contribute later
-- titles: to_answerer = askers who later answer; to_contributor = askers who later propose a change
-- unit: share
-- better: high
-- standard: CHAOSS Conversion Rate
-- caveats: Of people who asked for the first time and were observed for 180 days since: `to_answerer` answered
--   somebody else within 180 days of it, `to_contributor` proposed a change, in any channel of that source that
--   concerns the family. People who had done so before they asked are left out, and so are those first seen in the
--   first year that was read; of `to_contributor` also those who asked before the first proposal that was read, and
--   everybody where the proposals of a repository were never collected. People who left cannot be told from people who
--   are silent, so all who did not continue count.
-- version: 1
-- proof: analytics/metrics/test_newcomers.py::test_from_asking_to_answering_and_proposing,
--   analytics/metrics/test_newcomers.py::test_nobody_proposed_nothing_where_proposals_were_not_read
-- shape: share
-- covers: threads
-- clusters: none
-- of: people
-- segments: all
-- statistics: to_answerer, to_contributor
-- windows: 365d, all
with proposals as (
    select
        c.family_id, max(v.reach_at) as reach_at,
        bool_and(coalesce(v.as_of_at is not null or v.coverage_share > 0, false)) as is_read
    from staging.channels as c
    left join metrics.change_visits as v on v.channel_id = c.channel_id and v.thing = 'pulls'
    where c.channel_kind = 'tracker' and c.is_enabled
        and (coalesce(cardinality(c.things), 0) = 0 or list_contains(c.things, 'pulls'))
    group by c.family_id
)

select
    a.person_id as item_id, a.url, a.family_id, a.channel_kind, a.channel_role, a.is_pooled, 'all' as segment,
    s.statistic, a.age_days,
    coalesce(date_diff('microsecond', a.first_at, b.first_at) / 86400e6 <= 180, false) as is_yes,
    case
        when s.statistic = 'to_contributor'
            and coalesce(a.source, 'github') <> 'github' then 'not applicable (no changes are proposed there)'
        when s.statistic = 'to_contributor' and not coalesce(p.is_read, false)
            then 'where not all proposals were collected'
        when s.statistic = 'to_contributor' and a.first_at < p.reach_at
            then 'who asked before the first proposal that was read'
        when not a.is_known_first then 'first seen in the first year that was read'
        when b.first_at < a.first_at then 'who had done so before they asked'
        when a.age_days < 180 then 'observed for less than 180 days'
    end as exclusion_reason
from metrics.people_activity as a
cross join (values ('to_answerer', 'answerers'), ('to_contributor', 'contributors')) as s (statistic, activity)
left join metrics.people_activity as b on b.person_id = a.person_id and b.activity = s.activity
left join proposals as p on p.family_id = a.family_id
where a.activity = 'askers'
