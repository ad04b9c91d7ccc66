-- question: Which incidents seem to report the same trouble a second time?
-- grain: item_id, segment
-- unit: none
-- standard: none
-- caveats: An incident that follows another of the same family within ten minutes of posting, under a similar title: at
--   least half of the words in either title are in both. Vendors post the same trouble once for each model or product.
--   No source says whether it is the same trouble.
-- version: 1
with title_words as (
    select distinct item_id, segment,
    unnest(string_split(trim(regexp_replace(lower(title), '[\p{P}\s]+', ' ', 'g')), ' ')) as word
    from metrics.incident_items
),

sizes as (
    select item_id, segment, count(*) as words_count from title_words where word <> '' group by item_id, segment
),

near as (
    select l.item_id, l.segment, e.item_id as earlier_id
    from metrics.incident_items as l
    join metrics.incident_items as e
        on e.family_id = l.family_id and e.segment = l.segment and e.item_id <> l.item_id
        and (e.posted_at < l.posted_at or (e.posted_at = l.posted_at and e.item_id < l.item_id))
        and date_diff('second', e.posted_at, l.posted_at) <= 600
),

alike as (
    select n.item_id, n.segment, n.earlier_id, count(*) as common_count
    from near as n
    join title_words as l on l.item_id = n.item_id and l.segment = n.segment and l.word <> ''
    join title_words as e on e.item_id = n.earlier_id and e.segment = n.segment and e.word = l.word
    group by n.item_id, n.segment, n.earlier_id
)

select distinct a.item_id, a.segment
from alike as a
join sizes as l on l.item_id = a.item_id and l.segment = a.segment
join sizes as e on e.item_id = a.earlier_id and e.segment = a.segment
where a.common_count >= 0.5 * (l.words_count + e.words_count - a.common_count)
