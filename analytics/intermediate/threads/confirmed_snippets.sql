-- question: Which code posted in a thread was reported to work?
-- grain: reply_id
-- unit: none
-- standard: none
-- caveats: A reply by a person other than the asker, with a patch or at least three lines of code, that was accepted as
--   the answer, or after which the asker, a maintainer or the vendor's staff wrote that it works or is solved, with no
--   post by anybody else in between. Whether the code itself is what worked is unknown.
-- by: family
-- version: 1
with confirmed as (
    select answer_id as reply_id, confirmed_at from metrics.thread_confirmations where is_solved
    union all
    select r.reply_id, coalesce(t.accepted_at, r.replied_at)
    from staging.replies as r
    join staging.threads as t on t.thread_id = r.thread_id
    where r.is_accepted
)

select r.reply_id, r.thread_id, t.family_id, r.actor_id, r.author_role, r.url, min(c.confirmed_at) as confirmed_at
from confirmed as c
join staging.replies as r on r.reply_id = c.reply_id
join metrics.thread_turns as t on t.reply_id = r.reply_id
where t.is_answer and (r.code_lines >= 3 or r.has_patch)
group by all
