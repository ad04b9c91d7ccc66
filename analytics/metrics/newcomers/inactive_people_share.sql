-- question: What share of people takes part only once, and what share has become inactive?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: people who became inactive
-- titles: occasional = people who took part once; inactive/askers = askers who became inactive; inactive/answerers =
--   answerers who became inactive
-- unit: share
-- better: low
-- standard: CHAOSS Occasional Contributors, CHAOSS Inactive Contributors
-- caveats: Of all people who asked, answered or proposed a change and did so for the first time in the window. People
--   who arrived in the last 90 days may return, cannot have been silent for so long, and are left out, also those who
--   have returned.
--   `occasional`: on one day only, as far as the history was read. `inactive`: silent for at least 90 days, and for at
--   least twice the median of their own gaps between active days, if they have any. `askers`, `answerers` and
--   `contributors` by activity, each separately.
--   People count where they were first seen. A person who was helped has no need to return: a high share of askers is
--   no reproach.
-- version: 1
-- proof: analytics/metrics/test_newcomers.py::test_inactive_is_silent_for_twice_their_own_gap,
--   analytics/metrics/newcomers/test_windows_of_people.py::test_who_stopped_long_ago_counts_where_they_arrived,
--   analytics/metrics/test_newcomers.py::test_who_came_once_and_long_ago_is_occasional
-- shape: share
-- covers: threads
-- clusters: none
-- of: people
-- segments: all, askers, answerers
-- statistics: occasional, inactive
-- windows: 365d, all
select
    p.person_id as item_id, p.url, p.family_id, p.channel_kind, p.channel_role, p.is_pooled, p.activity as segment,
    s.statistic, p.age_days,
    case s.statistic when 'occasional' then p.gap_days is null
        else date_diff('microsecond', p.last_at, p.as_of_at) / 86400e6 >= greatest(90, coalesce(2 * p.gap_days, 0))
    end as is_yes,
    case when p.age_days < 90 then 'first seen less than 90 days ago' end as exclusion_reason
from metrics.people_activity as p
cross join (values ('occasional'), ('inactive')) as s (statistic)
