-- question: How long did each request wait for its first answer, or how long has it been waiting so far?
-- grain: item_id, segment
-- unit: hours
-- caveats: From a thread to its first reply by the segment, or by anyone for the segments of askers and questions. By
--   the rule `bots:lenient` bots are only those marked by the platform, by name or list, or classified by hand; bots
--   recognised by behaviour alone, and all AI agents, are people. By `bots:strict` agents are not people, nor is any
--   account that answered at least ten threads, half of them within a minute of their opening, unless its role was
--   assigned by hand. A reply that is held ends a wait, whatever else is missing. If replies are missing, and none that
--   ends the wait is held, or none that surely was the first, the item `is_unseen`. Excluded are threads older than the
--   completely read period. Threads opened by bots or that name no single family are absent.
with requests as (
    select *, case when is_before_reach then 'before reach' end as reason
    from staging.threads
    where family_id is not null and author_role <> 'bot'
),

segments as (
    select thread_id, true as is_apart, unnest(['anyone', 'staff', 'maintainer', 'outsider', 'agent',
        'with_me_too']) as segment from requests
    union all
    select thread_id, true, segment from metrics.thread_askers
    union all
    select thread_id, false, segment from metrics.thread_segments where segment <> 'all'
    union all
    select thread_id, false, unnest(['bots:strict', 'bots:lenient']) from requests
),

turns as (
    select
        r.thread_id, r.replied_at,
        r.turn_role <> 'asker' and not r.is_joining_in
            and (r.turn_role <> 'bot' or coalesce(r.stated_role <> 'bot' and a.settled_role is null, false))
            as is_lenient,
        r.is_answer and not coalesce(a.settled_role is null and a.is_often_prompt, false) as is_strict
    from staging.replies as r
    join staging.threads as t on t.thread_id = r.thread_id
    left join staging.account_roles as a on a.source = t.source and a.actor_id = r.actor_id
),

bot_rule_answers as (
    select
        thread_id, min(replied_at) filter (where is_lenient) as lenient_at,
        min(replied_at) filter (where is_strict) as strict_at
    from turns
    group by thread_id
),

waits as (
    select
        t.thread_id as item_id, t.family_id, t.channel_kind, t.channel_role, t.is_own as is_pooled, s.is_apart,
        s.segment, t.age_days, k.cluster_key, t.opened_at as from_at, t.observed_until_at,
        case s.segment when 'staff' then t.first_staff_at
            when 'maintainer' then t.first_maintainer_at
            when 'outsider' then t.first_outsider_at
            when 'agent' then t.first_agent_at
            when 'with_me_too' then t.first_person_at
            when 'bots:strict' then b.strict_at
            when 'bots:lenient' then b.lenient_at else t.first_anyone_at end as until_at,
        cast(null as varchar) as cause, t.reason, t.known_until_at
    from requests as t
    join segments as s on s.thread_id = t.thread_id and (s.is_apart or t.is_own)
    left join bot_rule_answers as b on b.thread_id = t.thread_id
    left join metrics.thread_clusters as k on k.item_id = t.thread_id
),

{{timed}}
