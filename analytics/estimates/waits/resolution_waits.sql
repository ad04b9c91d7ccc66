-- question: How long did it take until a report was closed for good, and how was it closed?
-- grain: item_id, segment
-- unit: hours
-- caveats: How it was closed is the `cause` (see thread_ends). Excluded are reports whose closing was not read, and
--   those older than the completely read period. Reports by bots or that name no single family are absent.
with waits as (
    select
        t.thread_id as item_id, t.family_id, t.channel_kind, t.channel_role, t.is_own as is_pooled, true as is_apart,
        'all' as segment, t.age_days, k.cluster_key, t.opened_at as from_at, t.observed_until_at,
        e.ended_at as until_at, e.end_cause as cause,
        coalesce(case when t.is_before_reach then 'before reach' end, e.exclusion_reason) as reason,
        cast(null as timestamp) as known_until_at
    from metrics.thread_responses as t
    join metrics.thread_ends as e on e.thread_id = t.thread_id
    left join metrics.thread_clusters as k on k.item_id = t.thread_id
    where t.channel_kind = 'tracker' and t.family_id is not null and t.author_role <> 'bot'
),

{{timed}}
