-- question: Which mentions of a family stand in no title of a shared channel?
-- grain: family_id
-- unit: none
-- standard: none
-- caveats: Told from a thousand threads of shared channels on: fewer may name a rare family by chance in none.
-- version: 1
-- published: no
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
)

select
    family_id, case when is_named then 'mention unmatched' else 'family never named' end as warning_kind,
    seen_names[:20] as seen_names, (select count(*) from staging.attributions) as warning_count
from phrases
where len(seen_names) > 0
