-- question: How few people write half of the commits?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: people behind half of commits
-- titles: four_fifths = people behind four fifths of commits; half_of_100 = people behind half of 100 commits
-- unit: people
-- better: high
-- standard: CHAOSS Contributor Absence Factor, of commits
-- caveats: Of commits other than merges, by author and in the window of the commit date; commits by bots, agents and
--   deleted accounts are left out. A person with two accounts counts twice, and so does one who commits under an
--   address that belongs to no account. The family's own repositories only. `half` and `four_fifths` are counts of
--   everything collected, so without an interval, and grow with the number of commits: compare families by
--   `half_of_100`, the mean of the same over hundreds of commits drawn at random, with its interval (see
--   rarefied_halves), where there are 170 that are worth ten independent ones.
-- version: 1
-- proof: analytics/intermediate/test_counts.py::test_commits_carry_a_count_of_their_own_without_merges_and_programs,
--   analytics/intermediate/test_rarefied_halves.py::test_a_hundred_changes_and_commits_are_compared_too
-- items: select work_id as item_id, url, family_id, channel_kind, channel_role, is_pooled, 'commits' as segment,
--   actor_id, author_role, age_days
--   from metrics.people_works where work = 'commits'
-- shape: figure
-- covers: commits
-- of: commits
-- segments: commits
-- statistics: half, four_fifths, half_of_100
select
    family_id, channel_kind, channel_role, 'commits' as segment, statistic, "window",
    people_count as value, people_count as low, people_count as high, works_count as n, works_count as n_effective,
    works_count as n_events, 0 as n_censored, cast(null as varchar) as own_state, cast(null as varchar) as own_note
from metrics.absence_factors
where work = 'commits'
union all
select
    f.family_id, f.channel_kind, f.channel_role, 'commits', 'half_of_100', f."window", h.people_count, h.people_low,
    h.people_high, f.works_count, h.n_effective, f.works_count, 0,
    case when h.people_count is null then 'not enough data' end,
    case when h.people_count is null then 'Of fewer than 170 commits none are drawn.' end
from metrics.absence_factors as f
left join metrics.rarefied_halves as h using (work, family_id, channel_kind, channel_role, "window")
where f.work = 'commits' and f.statistic = 'half'
