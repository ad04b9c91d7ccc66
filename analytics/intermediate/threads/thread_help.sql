-- question: When was each request for help answered in a way that helped, and how is that known?
-- grain: thread_id
-- caveats: Help is the earliest of an accepted answer by somebody else, the asker's confirmation that it works after a
--   reply by somebody else, and the merge of the change that closed the thread, no matter who wrote it; a change merged
--   before the question helps from the closing that pointed to it. Closing alone is no help. If the source does not say
--   when an answer was accepted, the time of the answer is used. Help that is held counts, whatever else is missing.
--   Help in replies that are missing or were not read for their content (or may be the asker's own) cannot be seen
--   after `words_known_until_at`, nor a fix whose closing was not read (`is_closing_unread`): without other help such
--   a thread has no `is_helped_30d`, which is unknown, not false. Thanks alone are no help (see `thanked_at`): of the
--   replies labelled by hand that thank, one in fourteen says that it works. An asker who found the solution alone
--   after somebody had replied is taken for one who was helped.
with accepted as (
    select r.thread_id, min(r.replied_at) as replied_at, max(r.actor_id) as actor_id
    from staging.replies as r where r.is_accepted group by r.thread_id
),

-- Under a tag only answers are collected: a post by the asker there is an own answer, and confirms nothing.
said as (
    select r.thread_id, r.actor_id, r.replied_at, r.has_solved
    from staging.replies as r
    join staging.threads as t on t.thread_id = r.thread_id
    where r.turn_role = 'asker' and t.channel_kind <> 'tag' and (r.has_solved or r.has_thanks)
),

-- Bots and those who only join in help nobody, and a problem solved before anybody replied is no help.
confirmed as (
    select
        s.thread_id, min(s.replied_at) as thanked_at, min(s.replied_at) filter (where s.has_solved) as confirmed_at
    from said as s
    where exists (
        select 1 from staging.replies as a
        where a.thread_id = s.thread_id and a.replied_at < s.replied_at and a.actor_id is distinct from s.actor_id
            and a.author_role <> 'bot' and not coalesce(a.is_me_too, false)
    )
    group by s.thread_id
),

unread as (
    select distinct r.thread_id
    from staging.replies as r
    join staging.threads as t on t.thread_id = r.thread_id
    where r.author_role <> 'bot' and coalesce(r.reader_version, 0) < 2
        or r.actor_id is null and t.actor_id is null and (r.has_solved or r.is_accepted)
)

select
    s.thread_id, s.url, s.family_id, s.channel_kind, s.channel_role, s.is_own as is_pooled, s.author_role, s.opened_at,
    s.observed_until_at, s.age_days, s.has_accepted is not null as is_answer_marked,
    s.channel_kind = 'tracker' as has_fixes, coalesce(a.actor_id = s.actor_id, false) as is_self_accepted,
    case when s.has_accepted and not is_self_accepted then coalesce(s.accepted_at, a.replied_at)
        end as answer_accepted_at,
    c.confirmed_at, c.thanked_at,
    case when s.fixed_at < s.opened_at then s.closed_at else s.fixed_at end as fix_known_at,
    least(answer_accepted_at, c.confirmed_at, fix_known_at) as helped_at,
    case when s.is_before_reach then 'older than the completely read period'
        when helped_at < s.opened_at then 'helped before they were asked' end as exclusion_reason,
    date_diff('microsecond', s.opened_at, s.observed_until_at) / 3600e6 >= 720 as is_watched_30d,
    case when u.thread_id is not null then s.opened_at else s.known_until_at end as words_known_until_at,
    coalesce(not s.has_all_fields, false) or s.channel_kind = 'tracker' and s.state = 'closed'
        and s.first_closed_at is null and s.fixed_at is null as is_closing_unread,
    case when is_closing_unread or u.thread_id is not null then s.opened_at else s.known_until_at
        end as help_known_until_at,
    case
        when exclusion_reason is not null or not is_watched_30d then null
        when date_diff('microsecond', s.opened_at, helped_at) / 3600e6 <= 720 then true
        when coalesce(date_diff('microsecond', s.opened_at, help_known_until_at) / 3600e6 >= 720, true) then false
    end as is_helped_30d,
    case when is_watched_30d and (not is_closing_unread
            or coalesce(date_diff('microsecond', s.opened_at, s.closed_at) / 3600e6 <= 720, false))
        then coalesce(date_diff('microsecond', s.opened_at, coalesce(s.first_closed_at, s.closed_at)) / 3600e6 <= 720,
            false)
        and coalesce(date_diff('microsecond', s.opened_at, s.reopened_at) / 3600e6 > 720, true)
        or coalesce(date_diff('microsecond', s.opened_at, s.closed_at) / 3600e6 <= 720, false) end as is_closed_30d
from staging.threads as s
left join accepted as a on a.thread_id = s.thread_id
left join confirmed as c on c.thread_id = s.thread_id
left join unread as u on u.thread_id = s.thread_id
