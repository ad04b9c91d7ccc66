-- question: How long do askers wait for the first answer by a person?
-- title: wait for the first answer
-- titles: median = time until half have an answer; answered_only_median = median wait of those who were answered
-- unit: hours
-- better: low
-- standard: CHAOSS Time to First Response
-- caveats: A thread without an answer counts as still waiting when last seen, closed or not: closing is not an answer.
--   The segments name who answers: `anyone` is people (staff, maintainers, outsiders, deleted accounts), and for each
--   class the clock runs until its own first reply, even after other replies; agents are separate and bots never count.
--   Replies that only join in ("+1") are no answers. Only text counts: labels and assignments are not collected, so
--   this is the variant of the standard that uses comments alone. The role `all` pools a family's own trackers; compare
--   a role with the same role, since a library's tracker and a model's get different questions. Threads in channels
--   that many families share count under their role only. `type:` and `language:` are what is asked, answered by
--   anyone, and `bots:strict` and `bots:lenient` are all threads under other rules for who is a person (see
--   answer_waits): these exist only for a family's own channels of all roles together. `answered_only_median`
--   leaves out askers who still wait, as most tools do, and counts only who was answered: it is for comparison with
--   those tools, not for judgement.
-- version: 5
-- proof: analytics/metrics/test_golden.py::test_leaving_out_the_unanswered_reverses_the_rank,
--   analytics/estimates/test_survival.py::test_what_is_read_off_a_curve_is_what_others_read,
--   analytics/metrics/test_responses.py::test_a_median_that_is_not_reached_keeps_its_lower_end,
--   analytics/metrics/test_bots.py::test_other_rules_for_bots_reach_the_waits
-- items: select d.*, t.url from metrics.answer_waits as d join staging.threads as t on t.thread_id = d.item_id
-- shape: figure
-- covers: threads
-- of: threads
-- segments: anyone, staff, maintainer, outsider, agent, bots:strict, bots:lenient
-- together: bots:strict, bots:lenient
-- statistics: median, answered_only_median
-- gate: events
with waits as (
    select
        *, case when is_hidden then n_unseen || ' of ' || (n_events + n_censored + n_unseen)
            || case n_unseen when 1 then ' was' else ' were' end || ' not seen: too many for a value.' end
            as bounds_note
    from metrics.wait_estimates
    where wait = 'answer' and statistic <> 'share'
        and (segment in ('anyone', 'staff', 'maintainer', 'outsider', 'agent') or segment like '%:%')
),

-- Also if all threads were excluded, and there is nothing to sum up.
left_out as (
    select e.*, t.statistic
    from metrics.thread_exclusions as e
    cross join (values ('median'), ('answered_only_median')) as t (statistic)
    where e.segment in ('anyone', 'staff', 'maintainer', 'outsider', 'agent') or e.segment like '%:%'
)

select
    family_id, channel_kind, channel_role, segment, statistic, "window", q.value, q.low, q.high, q.n, q.n_events,
    q.n_censored,
    coalesce(q.bounds_note, if(q.n = 0 and q.n_censored > 0, 'No answers yet.', null)) as own_shortfall,
    case when q.is_unreached then 'measured' end as own_state,
    nullif(concat_ws(
        ' ',
        case when q.is_unreached then 'Not reached in the window: too many are still waiting.' end,
        case when q.bounds_note is null then e.unseen_note end,
        e.exclusion_note,
        case when segment in ('staff', 'maintainer', 'outsider') then e.role_note end
    ), '') as own_note
from waits as q
full outer join left_out as e using (family_id, channel_kind, channel_role, segment, "window", statistic)
