-- question: Which patterns of a status page's components match nothing that the page shows?
-- grain: channel_id, pattern
-- caveats: Judged after three good visits, as a page may list its components in parts. Where the page lists components,
--   a pattern is named that never matched one, there or in an incident; where none of a page's patterns matches any of
--   those listed now, all are. Feeds show only the components of their incidents: there all patterns are named if none
--   ever matched and three incidents named components. Old names kept for old incidents do match, and are not named.
--   Patterns of parts that do not count are not judged.
with patterns as (
    select channel_id, pattern, replace(lower(pattern), '*', '%') as form
    from (
        select channel_id, unnest(components) as pattern
        from raw.catalog__channels
        where source = 'status' and is_enabled
    ) as enabled
    where pattern not like '!%'
),

listed as (
    select channel_id, component_id, component_name, day_on = max(day_on) over (partition by channel_id) as is_current
    from staging.status__components
),

parts as (
    select channel_id, component_id as part, component_name as name, is_current from listed
    union all
    select channel_id, component_name, component_name, is_current from listed
    union all
    select channel_id, unnest(component_names), unnest(component_names), false from staging.status__incidents
    union all
    select channel_id, unnest(component_ids), cast(null as varchar), false from staging.status__incidents
),

matches as (
    select p.channel_id, p.pattern, bool_or(t.is_current) as is_current
    from patterns as p
    join parts as t on t.channel_id = p.channel_id and lower(t.part) like p.form
    group by p.channel_id, p.pattern
),

pages as (
    select
        t.channel_id, bool_or(t.is_current) as has_list,
        coalesce(
            list_sort(list(distinct t.name) filter (where t.is_current and t.name is not null)),
            list_sort(list(distinct t.name) filter (where t.name is not null))
        ) as names
    from parts as t
    group by t.channel_id
),

matched as (
    select channel_id, bool_or(is_current) as is_current from matches group by channel_id
),

visits as (
    select channel_id, count(distinct run_id) as visits_count
    from raw.ledger__runs
    where source = 'status' and thing = 'incidents' and state in ('complete', 'unchanged')
    group by channel_id
),

named as (
    select channel_id, count(*) as incidents_count
    from staging.status__incidents
    where cardinality(component_names) > 0
    group by channel_id
)

select p.channel_id, p.pattern, m.pattern is not null as has_matched_before, g.names[:20] as seen_names, v.visits_count
from patterns as p
join pages as g on g.channel_id = p.channel_id
join visits as v on v.channel_id = p.channel_id and v.visits_count >= 3
left join matches as m on m.channel_id = p.channel_id and m.pattern = p.pattern
left join matched as a on a.channel_id = p.channel_id
left join named as n on n.channel_id = p.channel_id
where
    (g.has_list and (m.pattern is null or not a.is_current))
    or (not g.has_list and a.channel_id is null and n.incidents_count >= 3)
