-- question: How much less often are newcomers answered within a week than people who asked before?
-- title: newcomers answered, minus people who asked before
-- unit: share
-- better: high
-- standard: difference of two Kaplan-Meier estimates, interval by squares of their limits (Newcombe's method 10, Zou
--   and Donner's MOVER)
-- caveats: The share of newcomers' requests that a person answers within seven days, minus that of people who asked
--   before (see threads): below 0, newcomers are worse off; 0.1 is 10 percentage points. The rows of one role
--   compare like channels; `all` pools a family's own. The two groups may ask different things. Both need 20 requests.
--   Requests of one week are alike, and so are those of one person, who makes up much of those who asked before: both
--   widen the interval.
-- version: 5
-- proof: analytics/metrics/test_newcomers.py::test_the_penalty_is_a_difference_with_newcombes_interval,
--   analytics/metrics/newcomers/test_penalty_by_asker.py::test_one_person_who_asks_often_is_no_crowd
-- items: select d.item_id, t.url, d.family_id, d.channel_kind, d.channel_role, d.is_pooled, 'all' as segment,
--   d.segment as asked_by, d.age_days,
--   d.duration_hours, d.is_event, d.exclusion_reason
--   from metrics.answer_waits as d join staging.threads as t on t.thread_id = d.item_id
--   where d.segment in ('newcomer', 'known')
-- shape: figure
-- waits: answer_waits
-- covers: threads
-- segments: all
-- statistics: within_7d
-- gate: none
with pairs as (
    select
        a.family_id, a.channel_kind, a.channel_role, a."window", a.value as new_value, a.low as new_low,
        a.high as new_high,
        b.value as old_value, b.low as old_low, b.high as old_high, a.n as new_n, b.n as old_n,
        a.n_events as new_events, b.n_events as old_events, a.n_censored + b.n_censored as n_censored
    from metrics.wait_estimates as a
    join metrics.wait_estimates as b using (wait, family_id, channel_kind, channel_role, "window", statistic, hours)
    where wait = 'answer' and statistic = 'share' and hours = 168 and a.segment = 'newcomer' and b.segment = 'known'
),

gaps as (
    select
        *, new_value - old_value as value,
        new_value - old_value - sqrt(power(new_value - new_low, 2) + power(old_high - old_value, 2)) as low,
        new_value - old_value + sqrt(power(new_high - new_value, 2) + power(old_value - old_low, 2)) as high
    from pairs
)

select
    p.family_id, p.channel_kind, p.channel_role, 'all' as segment, 'within_7d' as statistic, p."window", p.value, p.low,
    p.high, p.new_n + p.old_n as n, p.new_events + p.old_events as n_events, p.n_censored,
    case
        when least(p.new_n, p.old_n) < r.min_items_count or p.high - p.low > r.widest_share_interval
            then 'not enough data'
    end as own_state,
    'Answered of ' || cast(p.new_n as bigint) || ' newcomers: '
        || coalesce(round(100 * p.new_value, 1) || ' %', 'unknown')
        || '; of ' || cast(p.old_n as bigint) || ' who asked before: '
        || coalesce(round(100 * p.old_value, 1) || ' %', 'unknown') || '.' as own_note
from gaps as p
cross join metrics.rules as r
