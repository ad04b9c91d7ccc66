-- question: What was set aside, left out, passed over, unmatched, emptied, scarce or stopped, though no visit failed?
-- grain: channel_id, thing, warning_kind, about
-- caveats: A warning stays until its cause is gone: until a good row takes the place of one set aside, a visit reads
--   the page anew without passing anything over, or the catalog is corrected. Whether a list that never brought a row
--   is right cannot be told from here: a quiet page and one that the reader does not understand look alike.
with named_families as (
    select family_id from staging.attributions
    union
    select unnest(mentioned_families) from staging.thread_rows
),

phrases as (
    select
        m.family_id, bool_or(f.family_id is not null) as is_named,
        list_sort(list(distinct array_to_string(m.words, ' ')) filter (where h.phrase is null)) as seen_names
    from raw.catalog__mentions as m
    left join (select distinct family_id, phrase from staging.mention_hits) as h
        on h.family_id = m.family_id and h.phrase = array_to_string(m.words, ' ')
    left join named_families as f on f.family_id = m.family_id
    where m.kind in ('sure', 'weak') and (select count(*) from staging.attributions) >= 1000
    group by m.family_id
),

unmatched_mentions as (
    select
        family_id, case when is_named then 'mention unmatched' else 'family never named' end as warning_kind,
        seen_names[:20] as seen_names, (select count(*) from staging.attributions) as warning_count
    from phrases
    where len(seen_names) > 0
),

runs as (
    select
        channel_id, thing, run_id, min(started_at) as started_at, sum(rows) as rows_count,
        arg_max(state, part) as state
    from raw.ledger__runs
    group by channel_id, thing, run_id
),

newest_read as (
    select channel_id, thing, arg_max(run_id, (started_at, run_id)) as run_id
    from runs where state in ('complete', 'partial')
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
    from runs
    where thing in ('incidents', 'notices', 'entries', 'questions', 'topics', 'posts', 'issues', 'downloads', 'models')
    group by channel_id, thing having sum(rows_count) = 0 and count(*) filter (where state = 'complete') > 0
),

found as (
    select
        channel_id, thing, 'row set aside' as warning_kind, field_name as about, cast([] as varchar[]) as seen_names,
        cast(sum(landed_count) as bigint) as items_count,
        max(struct_pack(seen_at := seen_at, key := key, path := landed_path, excerpt := excerpt, wanted := wanted))
            as example
    from staging.set_aside
    group by channel_id, thing, field_name
    union all
    select
        channel_id, 'components', case when has_matched_before then 'pattern lost' else 'pattern unmatched' end,
        string_agg(pattern, ', ' order by pattern), max(seen_names), max(visits_count), null
    from staging.unmatched_patterns group by channel_id, has_matched_before
    union all
    select
        channel_id, thing, 'items passed over', case when last_fault = 'items skipped' then last_error else '' end,
        cast([] as varchar[]), passed_over_count, null
    from staging.collections where passed_over_count > 0
    union all
    select c.source, 'channels', 'never visited', c.source, list_sort(list(c.channel_id)), count(*), null
    from staging.channels as c
    left join (select distinct channel_id from staging.collections) as v on v.channel_id = c.channel_id
    where c.is_enabled and v.channel_id is null
    group by c.source
    union all
    select channel_id, thing, warning_kind, about, seen_names, warning_count, null from staging.misnamed_places
    union all
    select
        channel_id, thing, 'volume fallen', strftime(visited_at, '%x %H:%M'), [cast(brought_count as varchar)],
        usual_count, null
    from staging.fallen_volumes
    union all
    select
        channel_id, thing, 'posting stopped', strftime(newest_dated_at, '%x'),
        [cast(cast(round(usual_gap_days) as bigint) as varchar)], dated_count, null
    from staging.stopped_lists
    union all
    select
        channel_id, thing, case when filled_share < usual_share then 'field emptied' else 'field filled anew' end,
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
    select '_shared', 'mentions', warning_kind, family_id, seen_names, warning_count, null
    from unmatched_mentions
)

select
    channel_id, thing, warning_kind, about, seen_names, items_count as warning_count, example.key as key,
    example.path as landed_path, example.excerpt as excerpt, example.wanted as wanted
from found
