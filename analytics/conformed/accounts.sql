-- question: How does each account behave, and which role has been assigned to it by hand?
-- grain: source, actor_id
-- unit: none
-- standard: none
-- caveats: A bot by behaviour answered at least 30 threads of others, nine in ten of them within a minute of their
--   opening, and at least half of the time with texts of one and the same length. No person does; most bots do not
--   either and are recognised by other rules. Assignments by hand override everything and survive a rebuild. Doubtful
--   accounts count as people.
-- version: 1
with posts as (
    select
        c.source, r.actor_id, r.channel_id, r.thread_code, r.words_count, r.code_lines,
        date_diff('millisecond', t.opened_at, r.replied_at) as waited_ms
    from staging.reply_rows as r
    join staging.thread_rows as t on t.channel_id = r.channel_id and t.thread_code = r.thread_code
    join raw.catalog__channels as c on c.channel_id = r.channel_id
    where r.actor_id is not null and t.actor_id is distinct from r.actor_id
),

answers as (
    select
        source, actor_id,
        cast(sum(posts_count) as bigint) as answers_count,
        count(*) as answered_count,
        count(*) filter (where first_ms between 0 and 60000) as prompt_count
    from (
        select source, actor_id, count(*) as posts_count, min(waited_ms) as first_ms
        from posts
        group by source, actor_id, channel_id, thread_code
    ) as threads
    group by source, actor_id
),

sizes as (
    select source, actor_id, max(same_count) as same_size_count
    from (select source, actor_id, count(*) as same_count from posts group by source, actor_id, words_count,
        code_lines) as counted
    group by source, actor_id
),

questions as (
    select c.source, t.actor_id, count(*) as asked_count
    from staging.thread_rows as t
    join raw.catalog__channels as c on c.channel_id = t.channel_id
    where t.actor_id is not null
    group by c.source, t.actor_id
),

settled as (
    select split_part(source, '/', 1) as source, actor_id, max(role) as settled_role
        from raw.catalog__accounts where actor_id is not null group by all
)

select
    source, actor_id,
    coalesce(q.asked_count, 0) as asked_count,
    coalesce(a.answers_count, 0) as answers_count,
    coalesce(a.answered_count, 0) as answered_count,
    a.prompt_count / a.answered_count as prompt_share,
    z.same_size_count / a.answers_count as same_size_share,
    coalesce(a.answered_count >= 30 and a.prompt_count >= 0.9 * a.answered_count
        and z.same_size_count >= 0.5 * a.answers_count, false)
        as is_bot_by_behaviour,
    s.settled_role
from questions as q
full join answers as a using (source, actor_id)
full join sizes as z using (source, actor_id)
full join settled as s using (source, actor_id)
