-- question: How long did it take until a report was closed for good, and how was it closed?
-- grain: item_id, segment
-- unit: hours
-- stored: no
-- caveats: The `cause` is that of the current closing: a thread that is open again has not ended. It is `resolved` if a
--   merged change closed it, or if a person other than the asker closed it as completed. Closings by the asker are
--   separate, whatever the stated reason, because it is unknown whether the problem was solved. Where the closer is not
--   known and the reason does not settle it, it is `unknown`, which is no way of ending. Excluded are reports whose
--   closing was not read, and those older than the completely read period; see also thread_waits.
with waits as (
    select
        item_id, family_id, channel_kind, channel_role, is_pooled, true as is_apart, 'all' as segment, age_days,
        cluster_key, opened_at as from_at, observed_until_at, closed_at as until_at, closing_cause as cause,
        case when is_before_reach then 'before reach' when not has_all_fields then 'closing not read' end as reason,
        cast(null as timestamp) as known_until_at
    from metrics.thread_waits
    where channel_kind = 'tracker'
),

{{timed}}
