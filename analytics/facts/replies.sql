-- question: Who replied to which request for help, with what, and whose turn was it?
-- grain: reply_id
-- published: yes
-- phase: families
-- caveats: Replies that moderators hid as spam or abuse are excluded, and so are those after the clock (see visits). A
--   role assigned by hand overrides the one first seen, and an account that behaves like a bot is one (see accounts).
--   Rules read the content of texts, each with a published accuracy; rows read before reader version 2 have none, which
--   means unknown, not false; is_me_too is read since version 3. `reply_id` is never the id of a thread, though a forum
--   numbers its topics and its posts apart. In `turn_role` `asker` is the person who opened the thread, recognised by
--   pseudonym whatever role they have elsewhere. A reply by a deleted account counts as one by a person (`unknown`),
--   unless the asker's account is deleted too: it may then be the asker's own, and is nobody's turn. Agents and bots are
--   not people. A person's reply that only joins in ("+1", "same here", "any update?") is no answer (`is_joining_in`,
--   read by a rule with a published accuracy; what an older reader read counts as an answer).
with settled as (
    select
        r.channel_id || '/' || r.reply_code as reply_id,
        r.channel_id || '#' || r.thread_code as thread_id,
        r.channel_id, r.actor_id,
        case
            when r.author_role = 'asker' and coalesce(b.settled_role not in ('bot', 'agent'), true) then 'asker'
            when b.settled_role is null and b.is_bot_by_behaviour and r.author_role <> 'agent' then 'bot'
            else coalesce(b.settled_role, r.author_role)
        end as author_role, r.author_role as stated_role,
        r.url, r.replied_at, r.is_accepted, r.has_code, r.has_patch, r.has_command, r.words_count,
        r.has_thanks, r.has_solved, r.is_me_too, r.language, r.reader_version, r.seen_at,
        case when c.family_id = '_shared' then a.family_id else c.family_id end as family_id,
        t.actor_id as asker_id, t.author_role as asker_role
    from staging.reply_rows as r
    join staging.thread_rows as t on t.channel_id = r.channel_id and t.thread_code = r.thread_code
    join staging.channels as c on c.channel_id = r.channel_id
    left join staging.visits as v on v.channel_id = t.channel_id and v.thing = t.thing
    left join staging.attributions as a on a.channel_id = t.channel_id and a.thread_code = t.thread_code
    left join staging.account_roles as b on b.source = c.source and b.actor_id = r.actor_id
    where not r.is_removed and coalesce(greatest(t.opened_at, r.replied_at) <= v.clock_at, true)
)

select
    * exclude (asker_id, asker_role), case
        when author_role = 'unknown' and (asker_id is null or asker_role = 'unknown') then null
        when actor_id = asker_id then 'asker'
        else author_role
    end as turn_role,
    coalesce(turn_role in ('staff', 'maintainer', 'outsider', 'unknown') and is_me_too, false) as is_joining_in,
    coalesce(turn_role in ('staff', 'maintainer', 'outsider', 'unknown'), false) and not is_joining_in as is_answer
from settled
order by thread_id, replied_at
