-- question: Which requests for help exist, which family do they concern, who answered first, and what helped?
-- grain: thread_id
-- published: yes
-- phase: families
-- caveats: As settled_threads. The asker's own comments, those of bots and those that only join in are not answers
--   (see replies); `first_person_at` is the first reply by another person whatever it says. Agents are separate.
--   Threads opened by bots are not requests for help. `is_own` is false for threads of channels shared by many
--   families, which are attributed by what they mention. Threads older than the completely read period are known
--   only if something happened to them later (`is_before_reach`). A reply that is held answers, whatever else is
--   missing; if replies are missing, one that came within `known_hours` is surely the first, and a thread without
--   one may have been answered later than that (outcome `not seen`). If replies are not read oldest first (see
--   reply_rows) a thread was answered at the latest when the first reply held says. Sources tell the roles that
--   people have now: in a thread from before the first visit (`is_before_visits`) they are those at that visit. Help
--   is the earliest of an accepted answer by somebody else, the asker's confirmation that it works after a reply by
--   somebody else, and the merge of the change that closed the thread, no matter who wrote it; a change merged
--   before the question helps from the closing that pointed to it. Closing alone is no help. If the source does not
--   say when an answer was accepted, the time of the answer is used. Help that is held counts, whatever else is
--   missing. Help in replies that are missing or were not read for their content (or may be the asker's own) cannot
--   be seen after `words_known_until_at`, nor a fix whose closing was not read (`is_closing_unread`): without other
--   help such a thread has no `is_helped_30d`, which is unknown, not false. Thanks alone are no help (see
--   `thanked_at`): of the replies labelled by hand that thank, one in fourteen says that it works. An asker who
--   found the solution alone after somebody had replied is taken for one who was helped. By the rule of `lenient_at` bots
--   are only those marked by the platform, by name or list, or classified by hand; bots recognised by behaviour alone,
--   and all AI agents, are people. By that of `strict_at` agents are not people, nor is any account that answered at
--   least ten threads, half of them within a minute of their opening, unless its role was assigned by hand. `asked_by`:
--   a `newcomer` asks for the first time in the channels of that source that concern the family, even after answering
--   there, and who is `known` had asked there before; neither is said of bots, of deleted accounts, nor of the first 365
--   days read from a channel, because earlier requests are unknown. Known askers are those who came back: they may ask
--   other things, and were perhaps answered before.
with requests as materialized (
    select *, coalesce(first_closed_at, closed_at) as first_end_at from staging.settled_threads
),

answers as (
    select
        r.thread_id, min(r.replied_at) filter (where r.is_answer) as first_anyone_at,
        min(r.replied_at) filter (where r.is_answer and r.turn_role = 'staff') as first_staff_at,
        min(r.replied_at) filter (where r.is_answer and r.turn_role = 'maintainer') as first_maintainer_at,
        min(r.replied_at) filter (where r.is_answer and r.turn_role = 'outsider') as first_outsider_at,
        min(r.replied_at) filter (where r.is_answer and r.turn_role = 'unknown') as first_unknown_at,
        min(r.replied_at) filter (where r.turn_role = 'agent') as first_agent_at,
        min(r.replied_at) filter (where r.turn_role = 'bot') as first_bot_at,
        least(first_anyone_at, first_agent_at) as first_word_at,
        min(r.replied_at) filter (where r.is_answer or r.is_joining_in) as first_person_at,
        min(r.replied_at) filter (where
            r.is_answer and not coalesce(a.settled_role is null and a.is_often_prompt, false)
        ) as strict_at,
        min(r.replied_at) filter (where
            r.turn_role <> 'asker' and not r.is_joining_in
            and (r.turn_role <> 'bot' or coalesce(r.stated_role <> 'bot' and a.settled_role is null, false))
        ) as lenient_at,
        min(r.replied_at) filter (where r.is_accepted) as accepted_reply_at,
        max(r.actor_id) filter (where r.is_accepted) as accepted_actor_id
    from staging.replies as r
    join requests as t on t.thread_id = r.thread_id
    left join staging.account_roles as a on a.source = t.source and a.actor_id = r.actor_id
    group by r.thread_id
),

-- Under a tag only answers are collected: a post by the asker there is an own answer, and confirms nothing.
said as (
    select r.thread_id, r.actor_id, r.replied_at, r.has_solved
    from staging.replies as r
    join requests as t on t.thread_id = r.thread_id
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
    join requests as t on t.thread_id = r.thread_id
    where r.author_role <> 'bot' and coalesce(r.reader_version, 0) < 2
        or r.actor_id is null and t.actor_id is null and (r.has_solved or r.is_accepted)
)

select
    t.* exclude (has_all_replies, replies_known_until_at, first_end_at), coalesce(c.family_id = t.family_id, false) as is_own,
    coalesce(t.has_all_replies, true) as has_all_replies,
    case when not t.has_all_replies then coalesce(t.replies_known_until_at, t.opened_at) end as known_until_at,
    date_diff('microsecond', t.opened_at, known_until_at) / 3600e6 as known_hours,
    coalesce(t.opened_at < v.reach_at, false) as is_before_reach,
    coalesce(t.opened_at < v.first_run_at, false) as is_before_visits, v.first_run_at as roles_known_from_at,
    date_diff('microsecond', t.opened_at, v.clock_at) / 86400e6 as age_days,
    a.first_anyone_at, a.first_staff_at, a.first_maintainer_at, a.first_outsider_at, a.first_unknown_at,
    a.first_agent_at, a.first_bot_at, a.first_person_at, a.strict_at, a.lenient_at,
    coalesce(v.reach_at, o.first_thread_at) as read_from_at,
    case
        when t.actor_id is null or t.family_id is null or t.author_role = 'bot' then null
        when date_diff('microsecond', read_from_at, t.opened_at) / 86400e6 >= k.min_history_days
            then if(row_number() over by_asker = 1, 'newcomer', 'known')
    end as asked_by,
    least(a.first_word_at, t.first_end_at) as first_at,
    case
        when first_at is null then null
        when coalesce(a.first_word_at > t.first_end_at, a.first_word_at is null) then
            case
                when t.reopened_at is not null then 'closed_unknown'
                when t.fixed_at is not null then 'fixed'
                when t.closed_by_role in ('bot', 'agent') then 'bot_closed'
                when t.closed_by_role = 'asker' then 'asker_closed'
                when t.closed_by_role is null and t.close_reason is null then 'closed_unknown'
                else 'closed'
            end
        when a.first_word_at = a.first_staff_at then 'staff'
        when a.first_word_at = a.first_maintainer_at then 'maintainer'
        when a.first_word_at = a.first_outsider_at then 'outsider'
        when a.first_word_at = a.first_unknown_at then 'unknown'
        else 'agent'
    end as first_cause,
    case
        when t.state <> 'closed' or t.closed_at is null then null
        when t.fixed_at is not null then 'resolved'
        when t.closed_by_role in ('bot', 'agent') then 'bot_closed'
        when t.closed_by_role = 'asker' then 'asker_closed'
        when t.close_reason = 'not_planned' then 'not_planned'
        when t.close_reason = 'duplicate' then 'duplicate'
        when t.closed_by_role is null then 'unknown'
        when t.close_reason in ('completed', 'resolved') then 'resolved'
        else 'otherwise_closed'
    end as closing_cause,
    case
        when a.first_anyone_at is not null then 'answered'
        when not t.has_all_replies then 'not seen'
        when t.state = 'closed' and t.closed_by_role is not null then 'closed by ' || t.closed_by_role || ' unanswered'
        when t.state = 'closed' then 'closed unanswered'
        else 'waiting'
    end as outcome,
    coalesce(a.accepted_actor_id = t.actor_id, false) as is_self_accepted,
    case when t.has_accepted and not is_self_accepted then coalesce(t.accepted_at, a.accepted_reply_at)
        end as answer_accepted_at,
    s.confirmed_at, s.thanked_at,
    case when t.fixed_at < t.opened_at then t.closed_at else t.fixed_at end as fix_known_at,
    least(answer_accepted_at, s.confirmed_at, fix_known_at) as helped_at,
    case when is_before_reach then 'older than the completely read period'
        when helped_at < t.opened_at then 'helped before they were asked' end as help_exclusion,
    date_diff('microsecond', t.opened_at, t.observed_until_at) / 3600e6 >= 720 as is_watched_30d,
    case when u.thread_id is not null then t.opened_at else known_until_at end as words_known_until_at,
    coalesce(not t.has_all_fields, false) or t.channel_kind = 'tracker' and t.state = 'closed'
        and t.first_closed_at is null and t.fixed_at is null as is_closing_unread,
    case when is_closing_unread then t.opened_at else words_known_until_at end as help_known_until_at,
    case
        when help_exclusion is not null or not is_watched_30d then null
        when date_diff('microsecond', t.opened_at, helped_at) / 3600e6 <= 720 then true
        when coalesce(date_diff('microsecond', t.opened_at, help_known_until_at) / 3600e6 >= 720, true) then false
    end as is_helped_30d,
    case when is_watched_30d and (not is_closing_unread
            or coalesce(date_diff('microsecond', t.opened_at, t.closed_at) / 3600e6 <= 720, false))
        then coalesce(date_diff('microsecond', t.opened_at, coalesce(t.first_closed_at, t.closed_at)) / 3600e6 <= 720,
            false)
        and coalesce(date_diff('microsecond', t.opened_at, t.reopened_at) / 3600e6 > 720, true)
        or coalesce(date_diff('microsecond', t.opened_at, t.closed_at) / 3600e6 <= 720, false) end as is_closed_30d
from requests as t
left join answers as a on a.thread_id = t.thread_id
left join confirmed as s on s.thread_id = t.thread_id
left join unread as u on u.thread_id = t.thread_id
left join staging.channels as c on c.channel_id = t.channel_id
left join staging.visits as v on v.channel_id = t.channel_id and v.thing = t.thing
left join metrics.first_threads as o on o.channel_id = t.channel_id and o.thing = t.thing
cross join metrics.rules as k
window by_asker as (
    partition by t.family_id, t.source, t.actor_id order by t.opened_at nulls last, t.thread_id nulls last
)
order by t.thread_id
