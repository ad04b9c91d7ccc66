-- question: What share of the answers comes from the vendor's staff?
-- title: answers by the vendor's staff
-- titles: first = first answers by the vendor's staff
-- unit: share
-- better: none
-- caveats: `first`: of threads that were observed for seven days and that a person answered within them, those whose
--   first answer came from staff; in the window in which the thread was opened. Younger threads are excluded, because
--   only those answered quickly could count. `all`: of all answers by people to questions by others; in the window in
--   which the answer was posted. Staff are accounts that the forge or the catalog assigns to the owner of the channel,
--   a lower bound; maintainers are not staff. Answers by bots, AI agents and the askers themselves do not count, and
--   those by deleted accounts are excluded. If replies of that week are missing and the first answer held may not be
--   the first, or none is held, it is unseen whose the first was; `all` is of the answers held. The segment
--   `since_visit` holds only threads (for `first`) and answers (for `all`) from after the first visit to the channel:
--   of earlier ones the role is that at the visit, and anyone who has joined the vendor since counts as staff.
-- version: 3
-- proof: analytics/metrics/test_contributions.py::test_answers_of_staff_first_and_all,
--   analytics/metrics/contributions/test_quick_answers.py::test_whoever_is_quick_is_not_first_more_often
-- shape: share
-- covers: threads
-- of: answers
-- segments: all, since_visit
-- statistics: first, all
with requests as (
    select
        *, date_diff('microsecond', opened_at, first_anyone_at) / 3600e6 as anyone_hours,
        date_diff('microsecond', opened_at, observed_until_at) / 3600e6 as watched_hours
    from staging.threads
    where family_id is not null and author_role <> 'bot'
)

select
    thread_id as item_id, url, family_id, channel_kind, channel_role, is_own as is_pooled, s.segment,
    'first' as statistic, age_days, coalesce(first_staff_at = first_anyone_at, false) as is_yes,
    coalesce(known_hours < 168, false) and coalesce(anyone_hours > known_hours, true) as is_unseen,
    case
        when is_before_reach then 'older than the completely read period'
        when anyone_hours < 0 then 'answered before they were asked'
        when watched_hours < 168 then 'observed for less than 7 days'
        when first_unknown_at = first_anyone_at then 'by deleted accounts'
    end as exclusion_reason
from requests
join (values ('all'), ('since_visit')) as s (segment) on s.segment = 'all' or not is_before_visits
where anyone_hours <= 168 or known_hours < 168
union all
select
    r.reply_id, r.url, t.family_id, t.channel_kind, t.channel_role, t.is_own, s.segment, 'all',
    t.age_days - date_diff('microsecond', t.opened_at, r.replied_at) / 86400e6,
    r.author_role = 'staff', false,
    case
        when t.is_before_reach then 'older than the completely read period'
        when r.turn_role = 'unknown' then 'by deleted accounts'
    end
from staging.replies as r
join staging.threads as t on t.thread_id = r.thread_id
join (values ('all'), ('since_visit')) as s (segment)
    on s.segment = 'all' or coalesce(r.replied_at >= t.roles_known_from_at, true)
where r.is_answer and t.family_id is not null and t.author_role <> 'bot'
