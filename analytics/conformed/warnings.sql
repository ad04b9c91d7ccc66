-- question: What was rejected, excluded, skipped, unmatched, emptied, scarce or stopped, though no visit failed?
-- grain: channel_id, thing, warning_kind, about
-- published: yes
-- caveats: A warning stays until its cause is gone: until a good row takes the place of one rejected, a visit reads
--   the page again without passing anything over, or the catalog is corrected. Whether a list that never brought a row
--   is right cannot be known from here: a quiet page and one that the reader does not understand look alike.
--   A pattern of components is judged after three good visits, as a page may list them in parts. If it lists
--   components, a pattern is named that never matched one, there or in an incident; if none of a page's patterns
--   matches any of those listed now, all are. Feeds show only the components of their incidents: there all patterns are
--   named if none ever matched and three incidents named components. Patterns of parts that do not count are not judged.
--   A place that was renamed and is in the catalog under both names is known by its own id, or by the name that it
--   answers with; two families may name the same repository. In lists that stopped, incidents count from their first
--   post, an entry dated by month from the end of that month.
with good_visits as (
    select channel_id, thing, count(*) as visits_count, max(started_at) as visited_at
    from staging.runs
    where state in ('complete', 'unchanged')
    group by channel_id, thing
),

patterns as (
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

named as (
    select channel_id, count(*) as incidents_count
    from staging.status__incidents
    where cardinality(component_names) > 0
    group by channel_id
),

unmatched_patterns as (
    select p.channel_id, p.pattern, m.pattern is not null as has_matched_before, g.names[:20] as seen_names, v.visits_count
    from patterns as p
    join pages as g on g.channel_id = p.channel_id
    join good_visits as v on v.channel_id = p.channel_id and v.thing = 'incidents' and v.visits_count >= 3
    left join matches as m on m.channel_id = p.channel_id and m.pattern = p.pattern
    left join matched as a on a.channel_id = p.channel_id
    left join named as n on n.channel_id = p.channel_id
    where
        (g.has_list and (m.pattern is null or not a.is_current))
        or (not g.has_list and a.channel_id is null and n.incidents_count >= 3)
),

repositories as (
    select
        c.family_id, r.channel_id, arg_max(r.repository_id, r.day_on) as repository_id,
        arg_max(r.full_name, r.day_on) as full_name
    from staging.github__repositories as r
    join raw.catalog__channels as c on c.channel_id = r.channel_id
    group by c.family_id, r.channel_id
),

same_places as (
    select
        min(channel_id) as channel_id, 'repositories' as thing, max(full_name) as about,
        list_sort(list(channel_id)) as seen_names
    from repositories
    group by family_id, repository_id
    having count(*) > 1
    union all
    select
        d.channel_id, 'details', d.model_id, list_sort(list(distinct d.asked_id) || [d.model_id])
    from staging.huggingface__details as d
    join raw.catalog__channels as c on c.channel_id = d.channel_id
    where d.asked_id <> d.model_id and list_contains(c.models, d.asked_id) and list_contains(c.models, d.model_id)
    group by d.channel_id, d.model_id
),

models as (
    select d.channel_id, d.asked_id, arg_max(d.model_state, d.day_on) as model_state
    from staging.huggingface__details as d
    join raw.catalog__channels as c on c.channel_id = d.channel_id
    where list_contains(c.models, d.asked_id)
    group by d.channel_id, d.asked_id
),

items as (
    select channel_id, 'incidents' as thing, posted_at as dated_at from staging.status__incidents
    union all
    select
        channel_id, 'entries',
        case when date_kind = 'month' then published_at + interval 1 month else published_at end
    from staging.changelog__entries
),

{{stopped}},

named_families as (
    select family_id from staging.attributions
    union
    select unnest(mentioned_families) from staging.thread_rows
),

phrases as (
    select
        m.family_id, bool_or(f.family_id is not null) as is_named,
        list_sort(list(distinct array_to_string(m.words, ' ')) filter (where h.phrase is null)) as seen_names
    from raw.catalog__mentions as m
    left join (select distinct unnest(phrases) as phrase from staging.attributions) as h
        on h.phrase = array_to_string(m.words, ' ')
    left join named_families as f on f.family_id = m.family_id
    where m.kind in ('sure', 'weak') and (select count(*) from staging.attributions) >= 1000
    group by m.family_id
),

newest_read as (
    select channel_id, thing, arg_max(run_id, (started_at, run_id)) as run_id
    from staging.runs where state in ('complete', 'partial')
    group by channel_id, thing
),

notes as (
    select
        n.channel_id, n.thing, n.note_kind, n.subject as about, max(n.seen) as seen_names, max(n.count) as items_count
    from raw.ledger__notes as n
    join newest_read as r on r.channel_id = n.channel_id and r.thing = n.thing and r.run_id = n.run_id
    group by n.channel_id, n.thing, n.note_kind, n.subject
),

empty_lists as (
    select channel_id, thing, count(*) filter (where state in ('complete', 'unchanged')) as items_count
    from staging.runs
    where thing in ('incidents', 'notices', 'entries', 'questions', 'topics', 'posts', 'issues', 'downloads', 'models')
    group by channel_id, thing having sum(rows_count) = 0 and count(*) filter (where state = 'complete') > 0
),

found as (
    select
        channel_id, thing, 'row rejected' as warning_kind, field_name as about, cast([] as varchar[]) as seen_names,
        cast(sum(landed_count) as bigint) as items_count,
        max(struct_pack(seen_at := seen_at, key := key, path := landed_path, excerpt := excerpt, wanted := wanted))
            as example
    from staging.set_aside
    group by channel_id, thing, field_name
    union all
    select
        channel_id, 'components', case when has_matched_before then 'pattern lost' else 'pattern unmatched' end,
        string_agg(pattern, ', ' order by pattern), max(seen_names), max(visits_count), null
    from unmatched_patterns group by channel_id, has_matched_before
    union all
    select
        channel_id, thing, 'items skipped', case when last_fault = 'items skipped' then last_error else '' end,
        cast([] as varchar[]), passed_over_count, null
    from staging.collections where passed_over_count > 0
    union all
    select c.source, 'channels', 'never visited', c.source, list_sort(list(c.channel_id)), count(*), null
    from staging.channels as c
    left join (select distinct channel_id from staging.collections) as v on v.channel_id = c.channel_id
    where c.is_enabled and v.channel_id is null
    group by c.source
    union all
    select channel_id, thing, 'same place', about, seen_names, len(seen_names), null from same_places
    union all
    select channel_id, 'details', 'model not read', model_state, list_sort(list(asked_id)), count(*), null
    from models
    where model_state in ('gone', 'denied')
    group by channel_id, model_state
    union all
    select
        channel_id, thing, 'volume fallen', strftime(visited_at, '%x %H:%M'), [cast(brought_count as varchar)],
        usual_count, null
    from staging.fallen_volumes
    union all
    select
        channel_id, thing, 'posting stopped', strftime(newest_dated_at, '%x'),
        [cast(usual_gap_days as varchar)], dated_count, null
    from stopped
    union all
    select
        channel_id, thing, case when filled_share < usual_share then 'field emptied' else 'field filled again' end,
        filled_field,
        [
            printf('%.3g %%', usual_share * 100), printf('%.3g %%', filled_share * 100),
            strftime(differs_from_at, '%x %H:%M')
        ],
        brought_count, null
    from staging.filled_changes
    union all
    select channel_id, thing, 'nothing read', thing, cast([] as varchar[]), items_count, null from empty_lists
    union all
    select channel_id, thing, note_kind, about, seen_names, items_count, null from notes
    union all
    select
        '_shared', 'mentions', case when is_named then 'mention unmatched' else 'family never named' end, family_id,
        seen_names[:20], (select count(*) from staging.attributions), null
    from phrases
    where len(seen_names) > 0
)

select
    channel_id, thing, warning_kind, about, seen_names, items_count as warning_count, example.key as key,
    example.path as landed_path, example.excerpt as excerpt, example.wanted as wanted
from found
