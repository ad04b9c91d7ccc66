-- question: Which disturbances are examined for how openly and how quickly they were reported?
-- grain: item_id, segment
-- caveats: Segment `api`: all but those that name only other components or a part beside the product, because how a
--   page reports also shows in incidents that name none. A page whose incidents never named a component is a feed that
--   cannot name any (`can_name_parts` is then false). A start counts as stated if it is at least a minute from the
--   first post: pages without a known start repeat the first post. If a page posted three or more past incidents in the
--   same second, they were copied from another page (`is_brought_over`): when they were first posted is unknown.
-- by: family
with pages as (
    select channel_id, max(case when has_components then 1 else 0 end) = 1 as can_name_parts
        from metrics.incident_windows group by channel_id
),

bulks as (
    select channel_id, posted_at from metrics.incident_windows where is_retro group by channel_id,
    posted_at having count(*) >= 3
)

select
    i.channel_id || '#' || i.incident_id as item_id, i.url, i.family_id, 'status' as channel_kind,
    c.role as channel_role, true as is_pooled, s.segment, i.age_days, i.has_cause, i.has_postmortem,
    i.has_components, p.can_name_parts, i.is_open, i.is_retro,
    i.is_retro and b.posted_at is not null as is_brought_over,
    i.is_start_known and abs(date_diff('second', i.started_at, i.posted_at)) >= 60 as is_start_stated
from metrics.incident_windows as i
join staging.channels as c on c.channel_id = i.channel_id
join pages as p on p.channel_id = i.channel_id
left join bulks as b on b.channel_id = i.channel_id and b.posted_at = i.posted_at
join (values ('all'), ('api')) as s (segment) on s.segment = 'all' or i.is_api or i.is_unattributed
where i.is_disturbance
