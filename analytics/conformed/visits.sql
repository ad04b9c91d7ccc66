-- question: As of when is each channel measured, and from when on was it read?
-- grain: channel_id, thing
-- caveats: `clock_at` is the clock of all figures: the start of the day (UTC) of the last visit that read all changes,
--   or without one of the last that brought a thread, or of the last. What happened after it has not happened yet, so
--   that a visit without news changes nothing until the day turns. `is_watched`: some visit read all
--   changes; `is_read_whole`: some visit read all; `is_collected`: or brought a known share. `first_thread_at` is when the oldest thread was opened, whichever family
--   it concerns.
with places as (
    select channel_id, thing, min(opened_at) as first_thread_at, max(seen_at) as last_thread_at
    from staging.thread_rows
    group by channel_id, thing
)

select
    channel_id, thing,
    date_trunc('day', coalesce(greatest(k.as_of_at, k.read_until_at), p.last_thread_at, k.last_run_at)) as clock_at,
    coalesce(k.as_of_at, k.read_until_at) is not null as is_watched, k.as_of_at is not null as is_read_whole, is_read_whole or coalesce(k.coverage_share > 0, false) as is_collected,
    k.reach_at, k.first_run_at, p.first_thread_at
from staging.collections as k
full join places as p using (channel_id, thing)
