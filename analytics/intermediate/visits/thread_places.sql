-- question: When was the first thread of each place opened, and when was its last one seen?
-- grain: channel_id, thing
-- caveats: Of all threads of a channel, whichever family they concern.
select channel_id, thing, min(opened_at) as first_at, max(observed_until_at) as last_seen_at
from staging.threads
group by channel_id, thing
