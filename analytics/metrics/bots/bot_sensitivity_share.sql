-- question: Would stricter or more lenient rules for bots change the figures?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: answers under other rules for bots
-- titles: answered_7d = answered within a week, under other rules for bots; staff_first = staff come first, under
--   other rules for bots
-- unit: share
-- better: none
-- standard: none (sensitivity analysis)
-- caveats: Under both rules of bot_rule_answers: `answered_7d` is the share of threads observed for seven days that a
--   person answered by then; `staff_first` is the share of threads answered by a person whose first answer came from
--   staff. `differs` is the share of threads on which the two rules disagree: for answered_7d it equals the difference
--   between the two shares, for staff_first it is the largest that the difference can be. If it exceeds the distance
--   between two families, their order depends on the rule. The mark by which a platform identified a bot is not kept,
--   so no such bot is ever counted as a person. Where replies are missing that could decide, a thread is unseen.
-- version: 2
-- proof: analytics/metrics/test_bots.py::test_lenient_and_strict_rules_and_where_they_differ
-- shape: share
-- covers: threads
-- segments: lenient, strict, differs
-- statistics: answered_7d, staff_first
-- features: role
with requests as (
    select
        t.*, b.lenient_at, b.strict_at,
        coalesce(date_diff('microsecond', t.opened_at, b.lenient_at) / 3600e6 <= 168, false) as is_answered_lenient,
        coalesce(date_diff('microsecond', t.opened_at, b.strict_at) / 3600e6 <= 168, false) as is_answered_strict,
        coalesce(b.lenient_staff_at = b.lenient_at, false) as is_staff_lenient,
        coalesce(b.strict_staff_at = b.strict_at, false) as is_staff_strict,
        coalesce(b.lenient_unknown_at = b.lenient_at, false) as is_unknown,
        case
            when t.is_before_reach then 'older than the completely read period'
            when b.lenient_at < t.opened_at then 'answered before they were asked'
        end as reason
    from metrics.thread_responses as t
    left join metrics.bot_rule_answers as b on b.thread_id = t.thread_id
    where t.family_id is not null and t.author_role <> 'bot'
)

select
    q.thread_id as item_id, q.url, q.family_id, q.channel_kind, q.channel_role, q.is_own as is_pooled, s.segment,
    'answered_7d' as statistic, q.age_days, case s.segment
        when 'lenient' then q.is_answered_lenient
        when 'strict' then q.is_answered_strict
        else q.is_answered_lenient <> q.is_answered_strict
    end as is_yes,
    coalesce(q.known_hours < 168, false) and not case s.segment when 'lenient' then q.is_answered_lenient
        else q.is_answered_strict end as is_unseen,
    coalesce(
        q.reason, case when date_diff('microsecond', q.opened_at, q.observed_until_at) / 3600e6 < 168
            then 'observed for less than 7 days' end
    ) as exclusion_reason
from requests as q
cross join (values ('lenient'), ('strict'), ('differs')) as s (segment)
union all
select
    q.thread_id, q.url, q.family_id, q.channel_kind, q.channel_role, q.is_own, s.segment, 'staff_first', q.age_days,
    case s.segment
        when 'lenient' then q.is_staff_lenient
        when 'strict' then q.is_staff_strict
        else q.strict_at is null or q.is_staff_lenient <> q.is_staff_strict
    end,
    not q.has_all_replies and coalesce(case s.segment when 'lenient' then q.lenient_at else q.strict_at end
        > q.known_until_at, true),
    coalesce(q.reason, case when q.is_unknown then 'by deleted accounts' end)
from requests as q
join (values ('lenient'), ('strict'), ('differs')) as s (segment)
    on q.lenient_at is not null and (s.segment <> 'strict' or q.strict_at is not null) or not q.has_all_replies
