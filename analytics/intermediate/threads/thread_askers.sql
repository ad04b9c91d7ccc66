-- question: Which askers had asked before?
-- grain: thread_id
-- caveats: `newcomer`: this is the asker's first request in the channels of that source that concern the family;
--   `known`: the asker had asked there before. Threads of the first 365 days read from a channel are neither, as
--   everywhere (see people_activity), because earlier requests are unknown; nor are those of deleted accounts or bots,
--   or those that concern no family. People who had only answered so far are newcomers when they first ask. Known
--   askers are those who came back: they may ask other things, and were perhaps answered before.
with beginnings as (
    select
        t.thread_id, coalesce(v.reach_at, f.first_thread_at) as read_from_at,
        row_number() over (
            partition by t.family_id, t.source, t.actor_id order by t.opened_at nulls last, t.thread_id nulls last
        ) as place,
        t.opened_at, t.actor_id, t.family_id, t.author_role
    from staging.threads as t
    left join staging.visits as v on v.channel_id = t.channel_id and v.thing = t.thing
    left join metrics.first_threads as f on f.channel_id = t.channel_id and f.thing = t.thing
)

select thread_id, family_id, case when place = 1 then 'newcomer' else 'known' end as segment
from beginnings
cross join metrics.rules as r
where actor_id is not null and family_id is not null and author_role <> 'bot'
    and date_diff('microsecond', read_from_at, opened_at) / 86400e6 >= r.min_history_days
