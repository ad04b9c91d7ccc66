-- question: How long did each incident last, or how long has it lasted so far?
-- grain: item_id, segment
-- unit: hours
-- stored: no
-- caveats: Outages and degradations whose start is known. Incidents that nobody ended are censored at their last post.
with waits as (
    select
        i.channel_id || '#' || i.incident_id as item_id, i.family_id, 'status' as channel_kind,
        'status' as channel_role, true as is_pooled, true as is_apart, s.segment, i.age_days,
        i.started_at as from_at, coalesce(i.ongoing_until_at, i.observed_until_at) as observed_until_at,
        i.ended_at as until_at, cast(null as varchar) as cause, cast(null as varchar) as reason,
        cast(null as timestamp) as known_until_at
    from metrics.incident_windows as i
    join (values ('all'), ('api')) as s (segment) on s.segment = 'all' or i.is_api
    where i.is_disturbance and i.is_start_known and (i.ended_at is not null or i.ongoing_until_at is not null)
),

{{timed}}
