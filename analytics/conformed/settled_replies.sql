-- question: Who replied to which request for help, by the roles that count?
-- grain: reply_id
-- stored: no
-- phase: families
-- caveats: Replies that moderators hid as spam or abuse are excluded, and so are those after the clock (see visits). A
--   role assigned by hand overrides the one first seen, and an account that behaves like a bot is one (see accounts).
--   Rules read the content of texts, each with a published accuracy;
--   rows read before reader version 2 have none, which means unknown, not false; is_me_too is read since version 3.
--   `reply_id` is never the id of a thread, though a forum numbers its topics and its posts apart.
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
    r.has_thanks, r.has_solved, r.is_me_too, r.language, r.reader_version, r.seen_at
from staging.reply_rows as r
join staging.thread_rows as t on t.channel_id = r.channel_id and t.thread_code = r.thread_code
join raw.catalog__channels as c on c.channel_id = r.channel_id
join staging.visits as v on v.channel_id = t.channel_id and v.thing = t.thing
    and coalesce(r.replied_at <= v.clock_at, true)
left join staging.account_roles as b on b.source = c.source and b.actor_id = r.actor_id
where not r.is_removed
