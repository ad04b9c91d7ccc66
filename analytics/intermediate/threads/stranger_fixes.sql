-- question: Which requests for help did outsiders fix, and how long did that take?
-- grain: thread_id
-- unit: hours
-- standard: none
-- caveats: The ledger of code by strangers, with the first fix of each thread: a change by an outsider whose merge
--   closed it (`is_own_fix` if the asker wrote it), or an outsider's code in the thread that was accepted or reported
--   to work (see confirmed_snippets). Outsiders were neither staff, maintainers, bots nor agents when first seen. Only
--   linked fixes are visible: a fix that was copied by hand is not. One made before the question does not count, and
--   hides no later one.
-- by: family
-- version: 1
with fixes as (
    select thread_id, fixed_at as solved_at, fixed_by_id as fixer_id, 'merged change' as fix_kind, fix_url
    from staging.threads
    where fixed_by_role = 'outsider' and fixed_at is not null
    union all
    select thread_id, confirmed_at, actor_id, 'confirmed snippet', url
    from metrics.confirmed_snippets
    where author_role = 'outsider'
),

ranked as (
    select f.*, row_number()
        over (partition by f.thread_id order by f.solved_at nulls last, f.fix_kind, f.fix_url nulls last) as place
    from fixes as f
    join staging.threads as t on t.thread_id = f.thread_id
    where f.solved_at >= t.opened_at
)

select
    t.thread_id, t.family_id, t.channel_kind, t.channel_role, p.is_own as is_pooled, p.age_days, t.title, t.url,
    f.fix_url, f.fix_kind, f.fixer_id, coalesce(f.fixer_id = t.actor_id, false) as is_own_fix, t.opened_at, f.solved_at,
    date_diff('microsecond', t.opened_at, f.solved_at) / 3600e6 as fix_hours
from ranked as f
join staging.threads as t on t.thread_id = f.thread_id
join metrics.thread_responses as p on p.thread_id = f.thread_id
where f.place = 1 and t.family_id is not null and t.author_role <> 'bot'
