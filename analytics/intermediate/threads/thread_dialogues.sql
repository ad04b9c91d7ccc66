-- question: When did each asker who was answered ask on, and when was that answered?
-- grain: thread_id
-- unit: none
-- standard: none
-- caveats: Asking on is the asker's first post after the first answer by a person; one that says it works now asks
--   for nothing, and the next counts. Answered is the next post by a person other than the asker. Threads in which
--   nobody asked on have no row.
-- version: 1
with follow_ups as (
    select u.thread_id, min(u.replied_at) as follow_up_at
    from metrics.thread_turns as u
    join metrics.thread_responses as t on t.thread_id = u.thread_id
    where u.turn_role = 'asker' and u.replied_at > t.first_anyone_at and not coalesce(u.has_solved, false)
    group by u.thread_id
)

select f.thread_id, f.follow_up_at, min(u.replied_at) as followed_at
from follow_ups as f
left join metrics.thread_turns as u on u.thread_id = f.thread_id and u.is_answer and u.replied_at > f.follow_up_at
group by f.thread_id, f.follow_up_at
