-- question: What share of askers gets no answer from a person in the first thirty days?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: not answered within 30 days
-- titles: with_me_too = not answered within 30 days, if a mere +1 is an answer
-- unit: share
-- better: low
-- standard: OSS Compass issue_unresponsive_ratio (with 0 where nobody was left alone)
-- caveats: Of threads that were observed for at least 30 days. An answer is a reply by a person other than the asker
--   that does not only join in ("+1", "same here"); `with_me_too` counts these as well: a thread with replies only from
--   bots or AI agents counts as unanswered. Threads that the asker closes without an answer count too, since it is
--   unknown whether they were solved. A reply that is held answers, whatever else is missing; if replies of those
--   thirty days are missing and none by a person is held, it was not seen whether the thread was answered: the interval
--   allows for either, and above a twentieth of such threads there is no value.
-- version: 1
-- proof: analytics/engine/test_shapes.py::test_who_is_not_answered_within_thirty_days
-- shape: share
-- covers: threads
-- segments: all
-- statistics: in_30d, with_me_too
with asked as (
    select
        t.*, s.statistic,
        case s.statistic when 'in_30d' then t.first_anyone_at else t.first_person_at end as answered_at
    from metrics.thread_responses as t
    cross join (values ('in_30d'), ('with_me_too')) as s (statistic)
    where t.family_id is not null and t.author_role <> 'bot'
)

select
    t.thread_id as item_id, t.url, t.family_id, t.channel_kind, t.channel_role, t.is_own as is_pooled, g.segment,
    t.statistic, t.age_days,
    coalesce(date_diff('microsecond', t.opened_at, t.answered_at) / 3600e6 > 720, true) as is_yes,
    coalesce(t.known_hours < 720, false)
        and coalesce(date_diff('microsecond', t.opened_at, t.answered_at) / 3600e6 > 720, true) as is_unseen,
    case
        when t.is_before_reach then 'older than the completely read period'
        when t.answered_at < t.opened_at then 'answered before they were asked'
        when date_diff('microsecond', t.opened_at, t.observed_until_at) / 3600e6 < 720
            then 'observed for less than 30 days'
    end as exclusion_reason
from asked as t
join metrics.thread_segments as g on g.thread_id = t.thread_id
