-- question: When was the oldest thread of each channel opened, whichever family it concerns?
-- grain: channel_id, thing
-- stored: no
-- caveats: Of a channel that was read whole, nothing is known before it.
-- phase: facts
select channel_id, thing, min(opened_at) as first_thread_at
from staging.thread_rows
group by channel_id, thing
