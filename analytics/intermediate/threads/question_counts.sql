-- question: How many requests for help were opened in the last 30 days?
-- grain: family_id, channel_kind, channel_role
-- unit: threads
-- standard: none
-- caveats: Those opened by bots are left out. `is_whole` is false if some channel was not read back for 30 days: the
--   number is then too low.
-- by: family
-- version: 1
with opened as (
    select
        t.family_id, t.channel_kind, case when s.pools_roles then 'all' else t.channel_role end as channel_role,
        count(*) as questions_count
    from metrics.thread_responses as t
    join metrics.scopes as s on s."window" = '30d' and t.age_days <= s.window_days and (t.is_own or not s.pools_roles)
    where t.family_id is not null and t.author_role <> 'bot'
    group by all
),

reaches as (
    select
        g.family_id, g.channel_kind, g.channel_role,
        bool_and(k.reach_at is null or date_diff('microsecond', k.reach_at, g.as_of_at) / 86400e6 >= 30) as is_whole
    from metrics.thread_channels as g
    join metrics.thread_visits as k on k.channel_id = g.channel_id and k.thing = g.thing
    where g.as_of_at is not null
    group by all
)

select r.family_id, r.channel_kind, r.channel_role, r.is_whole, coalesce(o.questions_count, 0) as questions_count
from reaches as r
left join opened as o on o.family_id = r.family_id and o.channel_kind = r.channel_kind
    and o.channel_role = r.channel_role
