-- question: How few people give half of the answers?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: people who give half of the answers
-- titles: four_fifths = people who give four fifths of the answers
-- unit: people
-- better: high
-- standard: CHAOSS Contributor Absence Factor, of answers
-- caveats: Of answers by people to questions by others, in the window in which they were posted; answers by bots,
--   agents, deleted accounts and the askers themselves are left out. `half` is the smallest number of people who
--   together gave at least half of them, `four_fifths` at least 80 %. Every reply counts, long or short. A person with
--   two accounts counts twice. A count of everything collected, so without an interval.
-- version: 1
-- proof: analytics/metrics/test_contributions.py::test_two_people_give_half_of_the_answers
-- items: select work_id as item_id, url, family_id, channel_kind, channel_role, is_pooled, 'people' as segment,
--   actor_id, author_role, age_days
--   from metrics.people_works where work = 'answers'
-- shape: figure
-- covers: threads
-- of: answers
-- segments: people
-- statistics: half, four_fifths
select
    family_id, channel_kind, channel_role, 'people' as segment, statistic, "window",
    people_count as value, people_count as low, people_count as high, works_count as n, works_count as n_events,
    0 as n_censored, cast(null as varchar) as own_state, cast(null as varchar) as own_note
from metrics.absence_factors
where work = 'answers'
