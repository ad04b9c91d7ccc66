-- question: Which landed rows could not be typed, and so count in no figure?
-- grain: channel_id, thing, key
-- unit: rows
-- caveats: The newest such row of each key, with the first of its fields that is at fault and the beginning of its
--   value; landed_count is how many rows of the key were landed since the last good one. A row that can be typed,
--   landed later under the same key, takes its place and removes it here.
select
    s.channel_id, split_part(s.table_name, '__', 2) as thing,
    -- Replies come with the visits to their threads, and have no visits of their own.
    coalesce(w.visited_thing, split_part(s.table_name, '__', 2)) as visited_thing,
    s.key, f.path as landed_path, s.field as field_name, s.value as excerpt, s.wanted, s.rows_count as landed_count,
    s.seen_at
from raw.ledger__set_aside as s
left join ledger.files as f on f.load_id = s.load_id
left join staging.visited_things as w on w.source || '__' || w.thing = s.table_name
