-- question: How long was each model served, or how long has it been served so far?
-- grain: item_id, segment
-- unit: hours
-- caveats: Until its maker ends it (see model_lifetimes). Models whose ends a page announced on one day are alike.
with waits as (
    select
        l.item_id, l.family_id, l.channel_kind, l.channel_role, true as is_pooled, true as is_apart, 'all' as segment,
        l.age_days, k.cluster_key, cast(l.launched_on as timestamp) as from_at,
        cast(l.observed_until_on as timestamp) as observed_until_at, cast(l.ended_on as timestamp) as until_at,
        cast(null as varchar) as cause, l.exclusion_reason as reason, cast(null as timestamp) as known_until_at
    from metrics.model_lifetimes as l
    left join metrics.item_clusters as k on k.item_id = l.item_id
),

{{timed}}
