-- question: How long was each component down on each day, according to the status page's own monitors?
-- grain: channel_id, component_id, day_on
-- unit: seconds
-- standard: none
-- caveats: Given only by Better Stack's pages, for some 90 days. Days begin and end in the page's own time zone
--   (`time_zone`, in the page's words). The last day is still running when it is read. A day without monitoring has the
--   word `not_monitored`, which does not mean that the component worked. Impossible numbers of seconds are empty.
-- version: 1
select
    channel_id,
    body->>'$.component_id' as component_id,
    cast(body->>'$.day_on' as date) as day_on,
    body->>'$.name' as component_name,
    body->>'$.status_word' as status_word,
    cast(body->>'$.severity' as integer) as severity,
    cast(body->>'$.downtime_seconds' as integer) as downtime_seconds,
    cast(body->>'$.maintenance_seconds' as integer) as maintenance_seconds,
    body->>'$.time_zone' as time_zone,
    cast(body->'$.drift' as varchar[]) as drift_words,
    source_time,
    seen_at
from raw.status__days
