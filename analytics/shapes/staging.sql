-- The statement around the columns of each staging file, with those that every raw row has.
select
    channel_id,
    {{columns}},
    source_time,
    seen_at
from raw.{{name}}
