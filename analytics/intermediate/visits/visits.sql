-- question: When was each channel visited for threads, changes and notices, and from when on was it read?
-- grain: channel_id, thing
-- phase: facts
-- caveats: Rows of `collections` for these things only, so that a visit to a status page or a list of prices makes
--   nothing again that rests on them. `first_thread_at` is when the oldest thread was opened, `last_thread_at` when one
--   was last seen, whichever family they concern.
with places as (
    select channel_id, thing, min(opened_at) as first_thread_at, max(seen_at) as last_thread_at
    from staging.thread_rows
    group by channel_id, thing
)

select
    channel_id, thing, k.as_of_at, k.last_run_at, k.reach_at, k.first_run_at, p.first_thread_at, p.last_thread_at
from (
    select * from staging.collections
    where thing in ('issues', 'discussions', 'topics', 'questions', 'posts', 'pulls', 'notices')
) as k
full join places as p using (channel_id, thing)
