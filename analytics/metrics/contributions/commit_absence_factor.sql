-- question: How few people write half of the commits?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: people behind half of commits
-- titles: four_fifths = people behind four fifths of commits
-- unit: people
-- better: high
-- standard: CHAOSS Contributor Absence Factor, of commits
-- caveats: Of commits other than merges, by author and in the window of the commit date; commits by bots, agents and
--   deleted accounts are left out. A person with two accounts counts twice, and so does one who commits under an
--   address that belongs to no account. The family's own repositories only. A count of the whole population, so
--   without an interval.
-- version: 1
-- proof: analytics/intermediate/test_counts.py::test_commits_carry_a_count_of_their_own_without_merges_and_programs
-- items: select work_id as item_id, url, family_id, channel_kind, channel_role, is_pooled, 'commits' as segment,
--   actor_id, author_role, age_days
--   from metrics.people_works where work = 'commits'
-- shape: figure
-- covers: commits
-- of: commits
-- segments: commits
-- statistics: half, four_fifths
select
    family_id, channel_kind, channel_role, 'commits' as segment, statistic, "window",
    people_count as value, people_count as low, people_count as high, works_count as n, works_count as n_events,
    0 as n_censored, cast(null as varchar) as own_state, cast(null as varchar) as own_note
from metrics.absence_factors
where work = 'commits'
