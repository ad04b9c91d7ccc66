-- The statement around the columns of each staging file, with those that every raw row has.
select
    channel_id,
    {{columns}},
    source_time,
    seen_at,
    load_id
from raw.{{name}}
where misfit is null
