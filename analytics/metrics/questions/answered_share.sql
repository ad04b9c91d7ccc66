-- question: What share of askers is answered by a person within a day, a week, a month?
-- title: answered by a person
-- titles: within_24h = answered within 24 hours; within_7d = answered within a week; within_30d = answered within 30
--   days;
--   within_24h/staff = answered by staff of the vendor within 24 hours; within_7d/staff = answered by staff of the
--   vendor within a week;
--   within_24h/maintainer = answered by maintainers within 24 hours; within_7d/maintainer = answered by maintainers
--   within a week;
--   within_24h/outsider = answered by other users within 24 hours; within_7d/outsider = answered by other users within
--   a week;
--   within_7d/with_me_too = answered within a week, if a mere +1 is an answer
-- unit: share
-- better: high
-- standard: CHAOSS Time to First Response (as a probability)
-- caveats: One minus the share still waiting, in which threads that are too recent count for as long as they were
--   observed. A reply that is held answers from then on, also if earlier ones are missing. Roles of people and
--   comparisons are as for first_response_hours. A reply that only joins in ("+1") is no answer; `with_me_too` counts
--   it as one, and what a misread one changes lies between the two. `newcomer` and `known` are askers (see
--   threads), `type:` and `language:` are what is asked, all answered by anyone; `bots:strict` and `bots:lenient`
--   are all threads under other rules for who is a person (see answer_waits). The latter four exist only for a family's
--   own channels of all roles together. Requests of one week, and of weeks beside each other, are alike, and of
--   newcomers and `known` askers also those of one person: what widens an interval more counts. Empty if no thread was
--   observed for so long.
-- version: 5
-- proof: analytics/metrics/test_golden.py::test_leaving_out_the_unanswered_reverses_the_rank,
--   analytics/metrics/test_responses.py::test_a_newcomer_is_known_only_where_it_is_known_who_asked_before,
--   analytics/metrics/test_responses.py::test_what_is_asked_is_a_group_of_its_own_with_all_roles_together,
--   analytics/metrics/test_bots.py::test_other_rules_for_bots_reach_the_waits,
--   analytics/metrics/newcomers/test_penalty_by_asker.py::test_askers_widen_the_share_of_those_who_asked_before
-- items: select d.*, t.url from metrics.answer_waits as d join staging.threads as t on t.thread_id = d.item_id
-- shape: figure
-- waits: answer_waits
-- covers: threads
-- segments: anyone, staff, maintainer, outsider, newcomer, known, with_me_too, bots:strict, bots:lenient
-- together: bots:strict, bots:lenient
-- statistics: within_24h, within_7d, within_30d
-- gate: share
with waits as (
    select
        a.* exclude (statistic, low, high), t.statistic, case when not a.is_hidden then a.low end as low,
        case when not a.is_hidden then a.high end as high,
        case when a.is_hidden and a.low is not null
            then a.n_unseen || ' of ' || (a.n + a.n_unseen) || case a.n_unseen when 1 then ' was' else ' were' end
                || ' not seen: the share lies between ' || cast(round(100 * a.low, 1) as varchar) || ' and '
                || cast(round(100 * a.high, 1) as varchar) || ' %.' end as bounds_note
    from metrics.wait_estimates as a
    join (values ('within_24h', 24.0), ('within_7d', 168.0), ('within_30d', 720.0))
        as t (statistic, hours) on t.hours = a.hours
    where a.wait = 'answer' and a.statistic = 'share' and a.segment <> 'agent'
),

-- Also if all threads were excluded, and there is nothing to sum up.
left_out as (
    select e.*, t.statistic
    from metrics.thread_exclusions as e
    cross join (values ('within_24h'), ('within_7d'), ('within_30d')) as t (statistic)
    where e.segment <> 'agent'
)

select
    family_id, channel_kind, channel_role, segment, statistic, "window", q.value, q.low, q.high, q.n,
    q.n_events, q.n_censored, cast(null as varchar) as own_state, q.bounds_note as own_shortfall,
    nullif(concat_ws(' ', case when q.value is null and q.n > 0 and q.bounds_note is null
        then 'No thread was observed for that long.' end,
        case
            when q.n is null then e.unseen_note
            when q.bounds_note is null and q.n_unseen > 0 then 'For ' || q.n_unseen || ' of ' || (q.n + q.n_unseen)
                || ' questions it is not known whether they were answered by then: replies are missing.'
        end, e.exclusion_note,
        case when segment in ('staff', 'maintainer', 'outsider') then e.role_note end), '')
        as own_note
from waits as q
full outer join left_out as e using (family_id, channel_kind, channel_role, segment, "window", statistic)
