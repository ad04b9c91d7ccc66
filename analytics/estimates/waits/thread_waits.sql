-- question: When did each way to answer or to end a request for help first occur?
-- grain: item_id
-- caveats: One row a thread, of which answer_waits and thread_ends are views. By the rule
--   `bots:lenient` bots are only those marked by the platform, by name or list, or classified by hand; bots recognised
--   by behaviour alone, and all AI agents, are people. By `bots:strict` agents are not people, nor is any account that
--   answered at least ten threads, half of them within a minute of their opening, unless its role was assigned by hand.
--   Threads opened by bots or that name no single family are absent.
with bot_rule_answers as (
    select
        r.thread_id, min(r.replied_at) filter (where
            r.turn_role <> 'asker' and not r.is_joining_in
            and (r.turn_role <> 'bot' or coalesce(r.stated_role <> 'bot' and a.settled_role is null, false))
        ) as lenient_at,
        min(r.replied_at) filter (where
            r.is_answer and not coalesce(a.settled_role is null and a.is_often_prompt, false)
        ) as strict_at
    from staging.replies as r
    join staging.threads as t on t.thread_id = r.thread_id
    left join staging.account_roles as a on a.source = t.source and a.actor_id = r.actor_id
    group by r.thread_id
)

select
    s.thread_id as item_id, s.family_id, s.channel_kind, s.channel_role, s.is_own as is_pooled, s.age_days,
    s.is_before_reach, s.has_all_fields, n.segment as asked_by, s.question_type, s.language, s.opened_at,
    s.observed_until_at, s.known_until_at, s.first_anyone_at, s.first_staff_at, s.first_maintainer_at,
    s.first_outsider_at, s.first_agent_at, s.first_person_at, b.strict_at, b.lenient_at,
    least(s.first_word_at, s.first_closed_at) as first_at,
    case
        when s.first_word_at is null and s.first_closed_at is null then null
        when coalesce(s.first_word_at > s.first_closed_at, s.first_word_at is null) then
            case
                when s.reopened_at is not null then 'closed_unknown'
                when s.fixed_at is not null then 'fixed'
                when s.closed_by_role in ('bot', 'agent') then 'bot_closed'
                when s.closed_by_role = 'asker' then 'asker_closed'
                when s.closed_by_role is null and s.close_reason is null then 'closed_unknown'
                else 'closed'
            end
        when s.first_word_at = s.first_staff_at then 'staff'
        when s.first_word_at = s.first_maintainer_at then 'maintainer'
        when s.first_word_at = s.first_outsider_at then 'outsider'
        when s.first_word_at = s.first_unknown_at then 'unknown'
        else 'agent'
    end as first_cause,
    case when s.state = 'closed' then s.closed_at end as closed_at,
    case
        when s.state <> 'closed' or s.closed_at is null then null
        when s.fixed_at is not null then 'resolved'
        when s.closed_by_role in ('bot', 'agent') then 'bot_closed'
        when s.closed_by_role = 'asker' then 'asker_closed'
        when s.close_reason = 'not_planned' then 'not_planned'
        when s.close_reason = 'duplicate' then 'duplicate'
        when s.closed_by_role is null then 'unknown'
        when s.close_reason in ('completed', 'resolved') then 'resolved'
        else 'otherwise_closed'
    end as closing_cause
from (
    select
        * replace (coalesce(first_closed_at, closed_at) as first_closed_at),
        least(first_anyone_at, first_agent_at) as first_word_at
    from staging.threads
    where family_id is not null and author_role <> 'bot'
) as s
left join metrics.thread_askers as n on n.thread_id = s.thread_id
left join bot_rule_answers as b on b.thread_id = s.thread_id
