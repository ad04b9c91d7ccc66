-- question: Which period of each status page do we know?
-- grain: channel_id
-- published: yes
-- caveats: It begins with the oldest incident that the page has shown us (for Statuspage's feed, which is ordered by
--   the end of incidents, with the end of that incident), and at the latest with the first good visit, and ends with
--   the clock (see visits). Pages show some 25 to 50 incidents: after a long break in our visits some may have been
--   missed. If a page has been silent for longer than usual, the period ends with its last post and one usual gap: what
--   happened since cannot be seen.
with items as (
    select
        i.channel_id, 'incidents' as thing, i.posted_at as dated_at,
        case when c.format in ('statuspage', 'atom', 'flashduty') then coalesce(i.resolved_at, i.posted_at)
            else i.posted_at end as shown_at
    from staging.status__incidents as i
    join raw.catalog__channels as c on c.channel_id = i.channel_id
),

good_visits as (
    select r.channel_id, r.thing, min(r.started_at) as first_visit_at, any_value(v.clock_at) as visited_at
    from staging.runs as r
    join staging.visits as v on v.channel_id = r.channel_id and v.thing = r.thing
    where r.source = 'status' and r.thing = 'incidents' and r.state in ('complete', 'unchanged')
    group by r.channel_id, r.thing
),

{{stopped}}

select
    c.channel_id,
    c.family_id,
    case when s.oldest_at < v.first_visit_at then s.oldest_at else v.first_visit_at end as observed_from_at,
    case when t.channel_id is null then v.visited_at
        else greatest(t.newest_dated_at + to_days(t.usual_gap_days), s.oldest_at) end as observed_until_at,
    k.clock_at as visited_at
from raw.catalog__channels as c
left join good_visits as v on v.channel_id = c.channel_id
left join staging.visits as k on k.channel_id = c.channel_id and k.thing = 'incidents'
left join (select channel_id, min(shown_at) as oldest_at from items group by channel_id) as s
    on s.channel_id = c.channel_id
left join stopped as t on t.channel_id = c.channel_id
where c.source = 'status'
