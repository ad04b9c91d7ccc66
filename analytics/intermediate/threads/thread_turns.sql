-- question: Whose turn was each reply to a request for help?
-- grain: reply_id
-- caveats: `asker` is the person who opened the thread, recognised by pseudonym whatever role they have elsewhere. A
--   reply by a deleted account counts as one by a person (`unknown`), unless the asker's account is deleted too: it may
--   then be the asker's own, and is nobody's turn. Agents and bots are not people. A person's reply that only joins in
--   ("+1", "same here", "any update?") is no answer (`is_me_too`, read by a rule with a published accuracy; what an
--   older reader read counts as an answer).
with turns as (
    select
        r.reply_id, r.thread_id, t.family_id, r.replied_at, r.has_solved,
        case when r.actor_id = t.actor_id then 'asker' else r.author_role end as turn_role,
        coalesce(r.is_me_too, false) as joins_in
    from staging.replies as r
    join staging.threads as t on t.thread_id = r.thread_id
    where not (r.author_role = 'unknown' and (t.actor_id is null or t.author_role = 'unknown'))
)

select
    reply_id, thread_id, family_id, replied_at, has_solved, turn_role,
    turn_role in ('staff', 'maintainer', 'outsider', 'unknown') and joins_in as is_me_too,
    turn_role in ('staff', 'maintainer', 'outsider', 'unknown') and not joins_in as is_answer
from turns
