-- question: When was each request first answered by a person, under lenient and under strict rules for bots?
-- grain: thread_id
-- unit: none
-- standard: none
-- caveats: Lenient: bots are only those marked by the platform, by name or list, or classified by hand; bots recognised
--   by behaviour alone, and all AI agents, count as people. Strict: agents are not people, nor is any account that
--   answered at least ten threads, half of them within a minute of their opening, unless its role was assigned by hand.
--   Under either rule the asker's own replies are not answers. Empty if nobody answered.
-- by: family
-- version: 1
with turns as (
    select
        u.thread_id, u.family_id, u.replied_at,
        u.turn_role <> 'asker' and not u.is_me_too
            and (u.turn_role <> 'bot' or coalesce(d.author_role <> 'bot' and a.settled_role is null, false))
            as is_lenient,
        u.is_answer and not coalesce(a.settled_role is null and a.is_often_prompt, false) as is_strict
    from metrics.thread_turns as u
    join staging.replies as r on r.reply_id = u.reply_id
    join staging.threads as t on t.thread_id = u.thread_id
    left join staging.reply_rows as d on d.channel_id || '/' || d.reply_code = r.reply_id
    left join staging.account_roles as a on a.source = t.source and a.actor_id = r.actor_id
)

select
    thread_id, family_id, min(replied_at) filter (where is_lenient) as lenient_at,
    min(replied_at) filter (where is_strict) as strict_at
from turns
group by thread_id, family_id
