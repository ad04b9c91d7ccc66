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
--   first year that was read. People who left cannot be told from people who are silent, so all who did not continue
--   count.
-- version: 2
-- proof: analytics/metrics/test_newcomers.py::test_from_asking_to_answering_and_proposing
-- shape: share
-- covers: threads
-- clusters: none
-- of: people
-- segments: all
-- statistics: to_answerer, to_contributor
-- windows: 365d, all
select
    a.person_id as item_id, a.url, a.family_id, a.channel_kind, a.channel_role, a.is_pooled, 'all' as segment,
    s.statistic, a.age_days,
    coalesce(date_diff('microsecond', a.first_at, b.first_at) / 86400e6 <= 180, false) as is_yes,
    case
        when s.statistic = 'to_contributor'
            and coalesce(a.source, 'github') <> 'github' then 'not applicable (no changes are proposed there)'
        when not a.is_known_first then 'first seen in the first year that was read'
        when b.first_at < a.first_at then 'who had done so before they asked'
        when a.age_days < 180 then 'observed for less than 180 days'
    end as exclusion_reason
from metrics.people_activity as a
cross join (values ('to_answerer', 'answerers'), ('to_contributor', 'contributors')) as s (statistic, activity)
left join metrics.people_activity as b on b.person_id = a.person_id and b.activity = s.activity
where a.activity = 'askers'
