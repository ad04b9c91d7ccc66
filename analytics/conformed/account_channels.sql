-- question: How often does each account ask and answer in each channel?
-- grain: channel_id, actor_id
-- caveats: Answers are replies to threads of others. `prompt_count` counts the threads to which the first of them came
--   within a minute of their opening. Only the channels that changed are counted again; accounts sums them.
-- published: no
-- by: channel
with questions as (
    select channel_id, actor_id, count(*) as asked_count
    from staging.thread_rows
    where actor_id is not null
    group by channel_id, actor_id
),

answered as (
    select
        r.channel_id, r.actor_id, count(*) as posts_count,
        min(date_diff('millisecond', t.opened_at, r.replied_at)) as first_ms
    from staging.reply_rows as r
    join staging.thread_rows as t on t.channel_id = r.channel_id and t.thread_code = r.thread_code
    where r.actor_id is not null and t.actor_id is distinct from r.actor_id
    group by r.channel_id, r.actor_id, r.thread_code
),

answers as (
    select
        channel_id, actor_id,
        cast(sum(posts_count) as bigint) as answers_count,
        count(*) as answered_count,
        count(*) filter (where first_ms between 0 and 60000) as prompt_count
    from answered
    group by channel_id, actor_id
)

select
    channel_id, actor_id,
    coalesce(q.asked_count, 0) as asked_count,
    coalesce(a.answers_count, 0) as answers_count,
    coalesce(a.answered_count, 0) as answered_count,
    coalesce(a.prompt_count, 0) as prompt_count
from questions as q
full join answers as a using (channel_id, actor_id)
