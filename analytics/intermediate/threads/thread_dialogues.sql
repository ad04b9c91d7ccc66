-- question: When did each answered asker ask again, and when was that answered?
-- grain: thread_id
-- unit: none
-- standard: none
-- caveats: Asking again is the asker's first post after the first answer by a person; a post confirming that it works
--   asks for nothing, and the next one counts. It is answered by the next post of a person other than the asker.
--   Threads without a further question have no row.
-- by: family
-- version: 1
with follow_ups as (
    select u.thread_id, t.family_id, min(u.replied_at) as follow_up_at
    from metrics.thread_turns as u
    join metrics.thread_responses as t on t.thread_id = u.thread_id
    where u.turn_role = 'asker' and u.replied_at > t.first_anyone_at and not coalesce(u.has_solved, false)
    group by u.thread_id, t.family_id
)

select f.thread_id, f.family_id, f.follow_up_at, min(u.replied_at) as followed_at
from follow_ups as f
left join metrics.thread_turns as u on u.thread_id = f.thread_id and u.is_answer and u.replied_at > f.follow_up_at
group by f.thread_id, f.family_id, f.follow_up_at
