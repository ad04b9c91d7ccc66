-- question: Which period of each status page do we know?
-- grain: channel_id
-- published: yes
-- caveats: It begins with the oldest incident that the page has shown us (for Statuspage's feed, which is ordered by
--   the end of incidents, with the end of that incident), and at the latest with the first good visit. Pages show
--   some 25 to 50 incidents: after a long break in our visits some may have been missed. Of a page that stopped
--   posting the period ends with its last post and one usual gap: what happened since cannot be seen.
with shown as (
    select
        i.channel_id,
        min(case
            when c.format in ('statuspage', 'atom', 'flashduty') then coalesce(i.resolved_at, i.posted_at)
            else i.posted_at
        end) as oldest_at
    from staging.status__incidents as i
    join raw.catalog__channels as c on c.channel_id = i.channel_id
    group by i.channel_id
),

visits as (
    select channel_id, min(started_at) as first_visit_at, max(started_at) as last_visit_at
    from raw.ledger__runs
    where source = 'status' and thing = 'incidents' and state in ('complete', 'unchanged')
    group by channel_id
),

stopped as (
    select channel_id, cast(about as timestamp) + to_days(1 + cast(seen_names[1] as integer)) as silent_from_at
    from staging.warnings
    where warning_kind = 'posting stopped' and thing = 'incidents'
)

select
    c.channel_id,
    c.family_id,
    case when s.oldest_at < v.first_visit_at then s.oldest_at else v.first_visit_at end as observed_from_at,
    least(v.last_visit_at, t.silent_from_at) as observed_until_at,
    v.last_visit_at as visited_at
from raw.catalog__channels as c
left join visits as v on v.channel_id = c.channel_id
left join shown as s on s.channel_id = c.channel_id
left join stopped as t on t.channel_id = c.channel_id
where c.source = 'status'
