-- question: How long was each release followed by none?
-- grain: item_id, segment
-- unit: hours
-- caveats: From a release to the next of its line (see release_gaps).
with waits as (
    select
        release_id as item_id, family_id, channel_kind, channel_role, false as is_pooled, true as is_apart, segment,
        age_days, cast(null as ubigint) as cluster_key, released_at as from_at, observed_until_at,
        next_released_at as until_at, cast(null as varchar) as cause, cast(null as varchar) as reason,
        cast(null as timestamp) as known_until_at
    from metrics.release_gaps
),

{{timed}}
