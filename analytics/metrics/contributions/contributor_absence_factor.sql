-- question: How few people do half of the work?
-- title: people behind half of changes
-- titles: half_of_100 = people behind half of 100 changes
-- unit: people
-- better: high
-- standard: CHAOSS Contributor Absence Factor
-- caveats: Of merged changes by people; those by bots, agents and deleted accounts are excluded. `half` is the
--   smallest number of people who together made at least half of them. A person with two
--   accounts counts twice. The family's own repositories only. It is a count of everything collected, so without an
--   interval, and grows with the number of changes: compare families by `half_of_100`, the mean of the same over
--   hundreds of changes drawn at random, with its interval (see absence_factors), if there are 200.
--   Over organisations it is the Elephant Factor.
-- version: 5
-- proof: analytics/metrics/test_golden.py::test_two_people_carry_half_of_the_standards_own_example,
--   analytics/metrics/test_contributions.py::test_of_equals_the_half_is_half_of_them,
--   analytics/intermediate/test_absence_factors.py::test_a_hundred_changes_are_compared_too
-- items: select work_id as item_id, url, family_id, channel_kind, channel_role, is_pooled, 'people' as segment,
--   actor_id, author_role, age_days
--   from metrics.people_works where work = 'changes'
-- shape: figure
-- covers: changes
-- of: merged changes
-- segments: people
-- statistics: half, half_of_100
select
    family_id, channel_kind, channel_role, 'people' as segment, statistic, "window",
    people_count as value, people_low as low, people_high as high, works_count as n,
    works_count as n_events, 0 as n_censored, case when people_count is null then 'not enough data' end as own_state,
    case when people_count is null then 'Of fewer than 200 changes none are drawn.' end as own_note
from metrics.absence_factors
where work = 'changes'
