-- question: Which incidents seem to report the same trouble a second time?
-- grain: item_id, segment
-- unit: none
-- standard: none
-- caveats: An incident that follows another of the same family within ten minutes of posting, under a similar title: at
--   least half of the words in either title are in both. Vendors post the same trouble once for each model or product.
--   No source says whether it is the same trouble. Only incidents that are counted in the segment (counted_incidents)
--   are compared, so that none is a repeat of one that does not count.
-- version: 1
with titles as (
    select item_id, segment, family_id, posted_at,
    list_filter(
        list_distinct(string_split(regexp_replace(lower(title), '[\p{P}\s]+', ' ', 'g'), ' ')), lambda word: word <> ''
    ) as words,
    floor(epoch(posted_at) / 600) as tenth
    from metrics.incident_items
    join (select distinct channel_id, incident_id, segment from metrics.counted_incidents) as c
        using (channel_id, incident_id, segment)
),

-- Each is compared with those of its own ten minutes and the ten before, not with all of the family.
near as (
    select l.item_id, l.segment, len(l.words) + len(e.words) as words_count,
    len(list_intersect(l.words, e.words)) as common_count
    from (select *, unnest([tenth - 1, tenth]) as near_tenth from titles) as l
    join titles as e
        on e.family_id = l.family_id and e.segment = l.segment and e.tenth = l.near_tenth and e.item_id <> l.item_id
        and (e.posted_at < l.posted_at or (e.posted_at = l.posted_at and e.item_id < l.item_id))
        and date_diff('second', e.posted_at, l.posted_at) <= 600
)

select distinct item_id, segment
from near
where common_count > 0 and common_count >= 0.5 * (words_count - common_count)
