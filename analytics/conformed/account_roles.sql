-- question: Which accounts are not what their source says they are?
-- grain: source, actor_id
-- caveats: Only accounts whose role was assigned by hand, that are bots by behaviour, or that mostly answer within a
--   minute (`is_often_prompt`: half of at least ten threads of others): few, so that a new reply changes no role. A bot
--   by behaviour answered at least 30 threads of others, nine in ten of them within a minute of their opening, whatever
--   it wrote. No person does; most bots do not either and are recognised by other rules. Assignments by hand override
--   everything and survive a rebuild. Doubtful accounts count as people.
with threads as (
    select c.source, t.channel_id, t.thread_code, t.actor_id, t.opened_at
    from staging.thread_rows as t
    join raw.catalog__channels as c on c.channel_id = t.channel_id
),

answers as not materialized (
    select t.source, r.actor_id, r.channel_id, r.thread_code, date_diff('millisecond', t.opened_at, r.replied_at) as ms
    from staging.reply_rows as r
    join threads as t on t.channel_id = r.channel_id and t.thread_code = r.thread_code
    where r.actor_id is not null and t.actor_id is distinct from r.actor_id
),

-- Half of ten are five: to count the threads of all others would take most of the memory of a build.
quick as (
    select source, actor_id from answers where ms between 0 and 60000 group by all having count(*) >= 5
),

answered as (
    select source, actor_id, min(ms) as first_ms
    from answers semi join quick using (source, actor_id)
    group by source, actor_id, channel_id, thread_code
),

prompt as (
    select
        source, actor_id, count(*) as answered_count,
        count(*) filter (where first_ms between 0 and 60000) as prompt_count
    from answered
    group by source, actor_id
    having answered_count >= 10 and prompt_count >= 0.5 * answered_count
),

settled as (
    select split_part(source, '/', 1) as source, actor_id, max(role) as settled_role
    from raw.catalog__accounts
    where actor_id is not null
    group by all
)

select
    source, actor_id, s.settled_role,
    coalesce(p.answered_count >= 30 and p.prompt_count >= 0.9 * p.answered_count, false) as is_bot_by_behaviour,
    p.answered_count is not null as is_often_prompt
from prompt as p
full join settled as s using (source, actor_id)
