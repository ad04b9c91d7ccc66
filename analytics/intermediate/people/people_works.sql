-- question: Which finished pieces of work exist, and whose are they?
-- grain: work, work_id
-- published: yes
-- stored: no
-- caveats: Merged changes, and answers to other people's requests for help (see replies). Those of bots, agents
--   and deleted accounts are excluded. A change counts by the date of its merge, an answer by that of its posting.
with works as (
    select
        'changes' as work, change_id as work_id, url, 'pulls' as thing, channel_id, family_id,
        'tracker' as channel_kind, channel_role, actor_id, author_role, merged_at as done_at
    from staging.changes
    where merged_at is not null
    union all
    select
        'answers', r.reply_id, r.url, t.thing, t.channel_id, t.family_id, t.channel_kind, t.channel_role, r.actor_id,
        r.author_role, r.replied_at
    from staging.replies as r
    join staging.threads as t on t.thread_id = r.thread_id
    where r.is_answer
)

select
    w.work, w.work_id, w.url, w.family_id, w.channel_kind, w.channel_role,
    w.work <> 'answers' or coalesce(c.family_id = w.family_id, false) as is_pooled,
    w.actor_id, w.author_role,
    date_diff('microsecond', w.done_at, v.clock_at) / 86400e6 as age_days
from works as w
left join staging.visits as v on v.channel_id = w.channel_id and v.thing = w.thing
left join staging.channels as c on c.channel_id = w.channel_id
where w.family_id is not null and w.actor_id is not null and w.author_role not in ('bot', 'agent')
