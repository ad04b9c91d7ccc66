-- question: Who replied to which request for help, with what, and whose turn was it?
-- grain: reply_id
-- published: yes
-- phase: families
-- caveats: As settled_replies. In `turn_role` `asker` is the person who opened the thread, recognised by pseudonym
--   whatever role they have elsewhere. A reply by a deleted account counts as one by a person (`unknown`), unless the
--   asker's account is deleted too: it may then be the asker's own, and is nobody's turn. Agents and bots are not
--   people. A person's reply that only joins in ("+1", "same here", "any update?") is no answer (`is_joining_in`, read
--   by a rule with a published accuracy; what an older reader read counts as an answer).
select
    r.*, t.family_id, case
        when r.author_role = 'unknown' and (t.actor_id is null or t.author_role = 'unknown') then null
        when r.actor_id = t.actor_id then 'asker'
        else r.author_role
    end as turn_role,
    coalesce(turn_role in ('staff', 'maintainer', 'outsider', 'unknown') and r.is_me_too, false) as is_joining_in,
    coalesce(turn_role in ('staff', 'maintainer', 'outsider', 'unknown'), false) and not is_joining_in as is_answer
from staging.settled_replies as r
join staging.settled_threads as t on t.thread_id = r.thread_id
order by r.thread_id, r.replied_at
