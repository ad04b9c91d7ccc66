-- question: Who said that a request for help is solved, and after whose reply?
-- grain: reply_id
-- unit: none
-- standard: none
-- caveats: A reply by the asker, a maintainer or the vendor's staff stating that it works now or is solved
--   (`is_solved`), or one by the asker that only thanks, with the last preceding reply by somebody else: that person or
--   AI agent is taken for the helper. Bots and those who only join in help nobody here, and a problem that the asker
--   solved before anybody replied is no help. Marks that askers leave without words (a thumb) are not collected. Of the
--   replies labelled by hand that thank, one in fourteen says that it works: thanks alone are politeness and confirm
--   nothing. An asker who found the solution alone after somebody had replied is taken for one who was helped. For tags
--   only answers are collected, so a post by the asker there is an answer of their own and no confirmation.
-- by: family
-- version: 1
with said as (
    select
        r.reply_id, r.thread_id, q.family_id, r.actor_id, r.replied_at, r.has_solved as is_solved,
        t.turn_role as confirmed_by
    from staging.replies as r
    join metrics.thread_turns as t on t.reply_id = r.reply_id
    join staging.threads as q on q.thread_id = r.thread_id
    where q.channel_kind <> 'tag'
        and (t.turn_role = 'asker' and (r.has_solved or r.has_thanks) or t.turn_role in ('staff', 'maintainer')
            and r.has_solved)
),

paired as (
    select
        s.*, a.reply_id as answer_id, a.actor_id as answerer_id, a.author_role as answerer_role,
        row_number() over (partition by s.reply_id order by a.replied_at desc nulls last, a.reply_id desc nulls last)
            as from_last
    from said as s
    join staging.replies as a
        on a.thread_id = s.thread_id and a.replied_at < s.replied_at and a.actor_id is distinct from s.actor_id
            and a.author_role <> 'bot' and not coalesce(a.is_me_too, false)
)

select
    reply_id, thread_id, family_id, replied_at as confirmed_at, confirmed_by, is_solved, answer_id, answerer_id,
    answerer_role
from paired
where from_last = 1
