-- question: As of when is each channel measured, and from when on was it read?
-- grain: channel_id, thing
-- caveats: `clock_at` is the clock of all figures: the start of the day (UTC) of the last visit that read all changes,
--   or without one of the last that brought a row, or of the last. What happened after it has not happened yet, so
--   that a visit without news changes nothing until the day turns. `is_watched`: some visit read all
--   changes; `is_read_whole`: some visit read all; `is_collected`: or brought a known share.
select
    channel_id, thing,
    date_trunc('day', coalesce(greatest(as_of_at, read_until_at), last_brought_at, last_run_at)) as clock_at,
    coalesce(as_of_at, read_until_at) is not null as is_watched, as_of_at is not null as is_read_whole,
    is_read_whole or coalesce(coverage_share > 0, false) as is_collected, reach_at, first_run_at
from staging.collections
