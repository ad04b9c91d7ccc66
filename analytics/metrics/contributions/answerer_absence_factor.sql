-- question: How few people give half of the answers?
-- title: people who give half of the answers
-- titles: half_of_100 = people who give half of 100 answers
-- unit: people
-- better: high
-- standard: CHAOSS Contributor Absence Factor, of answers
-- caveats: Of answers by people to questions by others, in the window in which they were posted; answers by bots,
--   agents, deleted accounts and the askers themselves are excluded. `half` is the smallest number of people who
--   together gave at least half of them. Every reply that does more than join in
--   counts, long or short. A person with two accounts counts twice. It is a count of everything collected, so
--   without an interval, and grows with the number of answers: compare families by `half_of_100`, the mean of the
--   same over hundreds of answers drawn at random, with its interval (see absence_factors), if there are
--   200. Who gave answers is counted; what would happen without them is not known.
-- version: 5
-- proof: analytics/metrics/test_contributions.py::test_two_people_give_half_of_the_answers,
--   analytics/intermediate/test_absence_factors.py::test_a_hundred_answers_of_each_family_are_compared
-- items: select work_id as item_id, url, family_id, channel_kind, channel_role, is_pooled, 'people' as segment,
--   actor_id, author_role, age_days
--   from metrics.people_works where work = 'answers'
-- shape: figure
-- covers: threads
-- of: answers
-- segments: people
-- statistics: half, half_of_100
select
    family_id, channel_kind, channel_role, 'people' as segment, statistic, "window",
    people_count as value, people_low as low, people_high as high, works_count as n,
    works_count as n_events, 0 as n_censored, case when people_count is null then 'not enough data' end as own_state,
    case when people_count is null then 'Of fewer than 200 answers none are drawn.' end as own_note
from metrics.absence_factors
where work = 'answers'
