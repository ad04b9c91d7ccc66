-- question: Would stricter or more lenient rules for bots change the figures?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: answers under other rules for bots
-- titles: answered_7d = answered within a week, under other rules for bots; staff_first = staff come first, under
--   other rules for bots
-- unit: share
-- better: none
-- standard: none (sensitivity analysis)
-- caveats: Under both rules of bot_rule_answers: `answered_7d` is the share of threads observed for seven days that a
--   person answered by then; `staff_first` is the share of these answered threads whose first answer came from staff.
--   `differs` is the share of threads on which the two rules disagree: for answered_7d it equals the difference
--   between the two shares, for staff_first it is the largest that the difference can be. If it exceeds the distance
--   between two families, their order depends on the rule. The mark by which a platform identified a bot is not kept,
--   so no such bot is ever counted as a person. Where replies are missing that could decide, a thread is unseen.
-- version: 1
-- proof: analytics/metrics/test_bots.py::test_lenient_and_strict_rules_and_where_they_differ,
--   analytics/metrics/contributions/test_quick_answers.py::test_whoever_is_quick_is_not_first_more_often
-- shape: share
-- covers: threads
-- segments: lenient, strict, differs
-- statistics: answered_7d, staff_first
-- features: role
with timed as (
    select
        t.*, b.lenient_at, b.strict_at, b.lenient_staff_at, b.strict_staff_at, b.lenient_unknown_at,
        date_diff('microsecond', t.opened_at, b.lenient_at) / 3600e6 as lenient_hours,
        date_diff('microsecond', t.opened_at, b.strict_at) / 3600e6 as strict_hours,
        coalesce(t.known_hours < 168, false) as is_week_missing
    from metrics.thread_responses as t
    left join metrics.bot_rule_answers as b on b.thread_id = t.thread_id
    where t.family_id is not null and t.author_role <> 'bot'
),

requests as (
    select
        *, coalesce(lenient_hours <= 168, false) as is_answered_lenient,
        coalesce(strict_hours <= 168, false) as is_answered_strict,
        coalesce(lenient_staff_at = lenient_at, false) as is_staff_lenient,
        coalesce(strict_staff_at = strict_at, false) as is_staff_strict,
        case
            when is_before_reach then 'older than the completely read period'
            when lenient_hours < 0 then 'answered before they were asked'
            when date_diff('microsecond', opened_at, observed_until_at) / 3600e6 < 168
                then 'observed for less than 7 days'
        end as reason
    from timed
)

select
    q.thread_id as item_id, q.url, q.family_id, q.channel_kind, q.channel_role, q.is_own as is_pooled, s.segment,
    'answered_7d' as statistic, q.age_days, case s.segment
        when 'lenient' then q.is_answered_lenient
        when 'strict' then q.is_answered_strict
        else q.is_answered_lenient <> q.is_answered_strict
    end as is_yes,
    q.is_week_missing and not case s.segment when 'lenient' then q.is_answered_lenient else q.is_answered_strict end
        as is_unseen,
    q.reason as exclusion_reason
from requests as q
cross join (values ('lenient'), ('strict'), ('differs')) as s (segment)
union all
select
    q.thread_id, q.url, q.family_id, q.channel_kind, q.channel_role, q.is_own, s.segment, 'staff_first', q.age_days,
    case s.segment
        when 'lenient' then q.is_staff_lenient
        when 'strict' then q.is_staff_strict
        else not q.is_answered_strict or q.is_staff_lenient <> q.is_staff_strict
    end,
    q.is_week_missing and coalesce(case s.segment when 'lenient' then q.lenient_hours else q.strict_hours end
        > q.known_hours, true),
    coalesce(q.reason, case when q.lenient_unknown_at = q.lenient_at then 'by deleted accounts' end)
from requests as q
join (values ('lenient'), ('strict'), ('differs')) as s (segment)
    on q.is_answered_lenient and (s.segment <> 'strict' or q.is_answered_strict) or q.is_week_missing
