-- question: Which incidents did the vendors post, and from when to when?
-- grain: channel_id, incident_id
-- caveats: The start is the earliest of the first post and every start that the page ever stated, so that editing a
--   start shortens nothing. `is_start_edited` marks incidents with two stated starts, or one after the first post, at
--   least a minute apart; it is empty if no start was stated. A finished incident has the times that its text states (`end_state` is then `extracted`), unless
--   the page states its own. An incident posted when it was over, or that ends before it starts, has no end unless its
--   text states one: never a length of 0 or less. `third-party` means another firm's fault by the page's own words: the
--   disturbance counts all the same, and is shown separately. No end does not mean "ongoing": see `end_state`. An
--   unknown end lies before `ended_before_at`, the first complete visit that no longer found the incident ongoing (it
--   may have left the page); this is empty if there was no such visit. An incident affects the API if it names one
--   of its components, or if the whole page is about the API, unless it names only parts beside the product, such as
--   documentation, in its components or, without any, its title. `is_unattributed` marks others that name no component
--   on a page of which only some count: nobody can say whether they affected the API. A failed visit changes nothing
--   here. `is_brief` marks incidents that a monitor posted and withdrew within 5 minutes: single failed checks.
with parts as (
    select channel_id, incident_id, false as is_id, unnest(component_names) as part from staging.status__incidents
    union all select channel_id, incident_id, true, unnest(component_ids) from staging.status__incidents
),

patterns as (
    select channel_id, replace(ltrim(lower(pattern), '!'), '*', '%') as form, pattern like '!%' as is_beside
    from (select channel_id, unnest(components) as pattern from raw.catalog__channels where source = 'status') as listed
),

-- Patterns name either the parts that count or, with an exclamation mark, the names of those that do not.
touching as (
    select distinct p.channel_id, p.incident_id
    from parts as p
    join patterns as f on f.channel_id = p.channel_id and not (f.is_beside and p.is_id)
    group by p.channel_id, p.incident_id, p.part
    having bool_or(lower(p.part) like f.form) <> bool_or(f.is_beside)
),

visits as (
    select channel_id, started_at from raw.ledger__runs
    where source = 'status' and thing = 'incidents' and state = 'complete'
),

newest_visits as (select channel_id, max(started_at) as page_seen_at from visits group by channel_id),

moments as (
    select channel_id, incident_id, open_seen_at as seen_at, cast(null as timestamp) as visited_at
    from staging.status__incidents where open_seen_at is not null
    union all select channel_id, null, started_at, started_at from visits
),

-- A visit to an unchanged page has seen its incidents unchanged.
ends as (
    select channel_id, incident_id, min(visited_at) over (partition by channel_id
        order by seen_at desc, visited_at desc nulls first rows unbounded preceding) as ended_before_at
    from moments
),

judged as (
    select
        i.*,
        case when i.open_seen_at is null then i.first_listed_at else e.ended_before_at end as ended_before_at,
        least(i.started_at, i.posted_at) as told_start_at,
        coalesce(i.resolved_at > least(i.started_at, i.posted_at), false) as is_told,
        -- Pages without a start of their own repeat the first post there, to the second.
        i.is_over and i.window_end_at is not null and (
            not coalesce(i.resolved_at > least(i.started_at, i.posted_at), false)
            or coalesce(abs(date_diff('second', i.started_at, i.posted_at)) < 60, true)
        ) as is_extracted,
        -- A complete visit names everything that the page shows; an empty page leaves only its visit.
        greatest(v.page_seen_at, max(i.seen_at) over (partition by i.channel_id)) as page_seen_at
    from staging.status__incidents as i
    left join newest_visits as v on v.channel_id = i.channel_id
    left join ends as e on e.channel_id = i.channel_id and e.incident_id = i.incident_id
)

select
    j.incident_id, j.channel_id, c.family_id, j.title, j.url, j.kind, j.severity, j.posted_at,
    case
        when j.is_extracted then least(j.window_start_at, j.told_start_at)
        when j.is_told or j.resolved_at is null then j.told_start_at
        else least(j.told_start_at, j.resolved_at) end as started_at,
    case when j.is_extracted then j.window_end_at when j.is_told then j.resolved_at end as resolved_at,
    case
        when j.is_extracted then 'extracted' when j.is_told then 'resolved'
        when j.is_over or j.is_listed_open is false or j.seen_at < j.page_seen_at then 'unknown'
        else 'open'
    end as end_state,
    j.is_over, j.ended_before_at,
    j.last_update_at, j.is_retro, j.has_cause, j.has_postmortem,
    t.incident_id is not null or (cardinality(c.components) = 0 and not j.is_beside) as is_api,
    cardinality(c.components) > 0 and t.incident_id is null and coalesce(cardinality(j.component_names), 0) = 0
        and not j.is_beside as is_unattributed,
    cardinality(j.component_names) > 0 as has_components,
    j.is_automatic and not j.is_retro
        and coalesce(date_diff('microsecond', j.told_start_at, j.resolved_at) < 300e6, false) as is_brief,
    date_diff('second', j.told_start_at, j.latest_start_at) >= 60 as is_start_edited,
    j.component_names
from judged as j
join raw.catalog__channels as c on c.channel_id = j.channel_id
left join touching as t on t.channel_id = j.channel_id and t.incident_id = j.incident_id
