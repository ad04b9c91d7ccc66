-- question: How does each account behave, and which role has been assigned to it by hand?
-- grain: source, actor_id
-- caveats: A bot by behaviour answered at least 30 threads of others, nine in ten of them within a minute of their
--   opening, and at least half of the time with texts of one and the same length. No person does; most bots do not
--   either and are recognised by other rules. How alike the texts are is known only of accounts that are so prompt.
--   Assignments by hand override everything and survive a rebuild. Doubtful accounts count as people.
with posts as (
    select
        c.source, a.actor_id, cast(sum(a.asked_count) as bigint) as asked_count,
        cast(sum(a.answers_count) as bigint) as answers_count, cast(sum(a.answered_count) as bigint) as answered_count,
        cast(sum(a.prompt_count) as bigint) as prompt_count
    from staging.account_channels as a
    join raw.catalog__channels as c on c.channel_id = a.channel_id
    group by c.source, a.actor_id
),

prompt as (
    select source, actor_id from posts where answered_count >= 30 and prompt_count >= 0.9 * answered_count
),

sizes as (
    select source, actor_id, max(same_count) as same_size_count
    from (
        select c.source, r.actor_id, count(*) as same_count
        from prompt as p
        join staging.reply_rows as r on r.actor_id = p.actor_id
        join raw.catalog__channels as c on c.channel_id = r.channel_id and c.source = p.source
        join staging.thread_rows as t on t.channel_id = r.channel_id and t.thread_code = r.thread_code
        where t.actor_id is distinct from r.actor_id
        group by c.source, r.actor_id, r.words_count, r.code_lines
    )
    group by source, actor_id
),

settled as (
    select split_part(source, '/', 1) as source, actor_id, max(role) as settled_role
        from raw.catalog__accounts where actor_id is not null group by all
)

select
    source, actor_id,
    coalesce(p.asked_count, 0) as asked_count,
    coalesce(p.answers_count, 0) as answers_count,
    coalesce(p.answered_count, 0) as answered_count,
    p.prompt_count / nullif(p.answered_count, 0) as prompt_share,
    z.same_size_count / p.answers_count as same_size_share,
    coalesce(z.same_size_count >= 0.5 * p.answers_count, false) as is_bot_by_behaviour,
    s.settled_role
from posts as p
full join settled as s using (source, actor_id)
left join sizes as z using (source, actor_id)
