-- question: Which landed rows could not be typed, and so count in no figure?
-- grain: channel_id, thing, key
-- unit: rows
-- caveats: The newest such row of each key, with the first of its fields that is at fault and its value, or the length
--   of that if it may be a text; landed_count is how many rows of the key were landed since the last good one. A row
--   that can be typed, landed later under the same key, takes its place and removes it here.
with newest as (
    select
        table_name, channel_id, coalesce(key, '') as key, max(load_id) as load_id, max(seen_at) as seen_at,
        count(*) as landed_count, max_by(misfit, (load_id, misfit)) as misfit
    from raw.ledger__rejected
    group by all
)

select
    s.channel_id, split_part(s.table_name, '__', 2) as thing,
    -- Replies come with the visits to their threads, and have no visits of their own.
    coalesce(w.visited_thing, split_part(s.table_name, '__', 2)) as visited_thing,
    s.key, f.path as landed_path, s.misfit.field as field_name, left(s.misfit.value, 60) as excerpt,
    s.misfit.wanted as wanted, s.landed_count, s.seen_at
from newest as s
left join ledger.files as f on f.load_id = s.load_id
left join staging.visited_things as w on w.source || '__' || w.thing = s.table_name
