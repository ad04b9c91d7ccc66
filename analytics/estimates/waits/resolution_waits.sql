-- question: How long did it take until a report was closed for good, and how was it closed?
-- grain: item_id, segment
-- unit: hours
-- caveats: The `cause` is that of the current closing: a thread that is open again has not ended. It is `resolved` if a
--   merged change closed it, or if a person other than the asker closed it as completed. Closings by the asker are
--   separate, whatever the stated reason, because it is unknown whether the problem was solved. Where the closer is not
--   known and the reason does not settle it, it is `unknown`, which is no way of ending. Excluded are reports whose
--   closing was not read, and those older than the completely read period. Reports by bots or that name no single family
--   are absent.
with waits as (
    select
        r.thread_id as item_id, r.family_id, r.channel_kind, r.channel_role, r.is_own as is_pooled, true as is_apart,
        'all' as segment, r.age_days, k.cluster_key, r.opened_at as from_at, r.observed_until_at,
        case when r.state = 'closed' then r.closed_at end as until_at,
        case
            when r.state <> 'closed' or r.closed_at is null then null
            when r.fixed_at is not null then 'resolved'
            when r.closed_by_role in ('bot', 'agent') then 'bot_closed'
            when r.closed_by_role = 'asker' then 'asker_closed'
            when r.close_reason = 'not_planned' then 'not_planned'
            when r.close_reason = 'duplicate' then 'duplicate'
            when r.closed_by_role is null then 'unknown'
            when r.close_reason in ('completed', 'resolved') then 'resolved'
            else 'otherwise_closed'
        end as cause,
        case when r.is_before_reach then 'before reach' when not r.has_all_fields then 'closing not read' end as reason,
        cast(null as timestamp) as known_until_at
    from staging.threads as r
    left join metrics.thread_clusters as k on k.item_id = r.thread_id
    where r.channel_kind = 'tracker' and r.family_id is not null and r.author_role <> 'bot'
),

{{timed}}
