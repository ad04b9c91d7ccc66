-- question: How long did it take until anything came first for a request, and what?
-- grain: item_id, segment
-- unit: hours
-- caveats: What came first is the `cause` (see thread_ends). Excluded are threads whose closing was not read, and those
--   older than the completely read period. Threads opened by bots or that name no single family are absent.
with waits as (
    select
        t.thread_id as item_id, t.family_id, t.channel_kind, t.channel_role, t.is_own as is_pooled, true as is_apart,
        'all' as segment, t.age_days, k.cluster_key, t.opened_at as from_at, t.observed_until_at,
        e.first_at as until_at, e.first_cause as cause,
        coalesce(case when t.is_before_reach then 'before reach' end, e.exclusion_reason) as reason, t.known_until_at
    from metrics.thread_responses as t
    join metrics.thread_ends as e on e.thread_id = t.thread_id
    left join metrics.thread_clusters as k on k.item_id = t.thread_id
    where t.family_id is not null and t.author_role <> 'bot'
),

{{timed}}
