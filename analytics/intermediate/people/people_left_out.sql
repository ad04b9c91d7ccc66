-- question: Which changes and which people were left out of the waiting times, and why?
-- grain: subject, family_id, channel_kind, channel_role, segment, window
-- unit: items
-- standard: none
-- caveats: For the subjects of people_waits. Groups that lost nothing have no row.
-- by: family
-- version: 1
with reasons as (
    select
        d.subject, d.family_id, d.channel_kind, case when s.pools_roles then 'all' else d.channel_role
            end as channel_role, d.segment, s."window",
        replace(d.exclusion_reason, 'negative', 'ended before they began') as reason, count(*) as left_count
    from metrics.survival_durations as d
    join metrics.scopes as s on d.age_days <= s.window_days and (d.is_pooled or not s.pools_roles)
    where d.is_excluded and d.subject in ('change', 'return')
    group by all
)

select
    subject, family_id, channel_kind, channel_role, segment, "window",
    'Left out: ' || string_agg(cast(left_count as varchar) || ' ' || reason, ', ' order by reason)
        || '.' as exclusion_note
from reasons
group by all
