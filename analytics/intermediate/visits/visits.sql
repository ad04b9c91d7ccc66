-- question: When was each channel visited for threads, changes and notices, and from when on was it read?
-- grain: channel_id, thing
-- caveats: Rows of `collections` for these things only, so that a visit to a status page or a list of prices makes
--   nothing again that rests on them.
select channel_id, thing, as_of_at, last_run_at, reach_at, first_run_at
from staging.collections
where thing in ('issues', 'discussions', 'topics', 'questions', 'posts', 'pulls', 'notices')
