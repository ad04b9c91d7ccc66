-- question: How few people do half of the work?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: people behind half of changes
-- titles: four_fifths = people behind four fifths of changes
-- unit: people
-- better: high
-- standard: CHAOSS Contributor Absence Factor
-- caveats: Of merged changes by people; those by bots, agents and deleted accounts are left out. `half` is the
--   smallest number of people who together made at least half of them, `four_fifths` at least 80 %. A person with two
--   accounts counts twice. The family's own repositories only. A count of the whole population, so without an
--   interval. For commits see commit_absence_factor; over organisations it is the Elephant Factor.
-- version: 2
-- proof: analytics/metrics/test_golden.py::test_two_people_carry_half_of_the_standards_own_example,
--   analytics/metrics/test_contributions.py::test_of_equals_the_half_is_half_of_them
-- items: select work_id as item_id, url, family_id, channel_kind, channel_role, is_pooled, 'people' as segment,
--   actor_id, author_role, age_days
--   from metrics.people_works where work = 'changes'
-- shape: figure
-- covers: changes
-- of: merged changes
-- segments: people
-- statistics: half, four_fifths
select
    family_id, channel_kind, channel_role, 'people' as segment, statistic, "window",
    people_count as value, people_count as low, people_count as high, works_count as n, works_count as n_events,
    0 as n_censored, cast(null as varchar) as own_state, cast(null as varchar) as own_note
from metrics.absence_factors
where work = 'changes'
