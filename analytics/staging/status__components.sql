-- question: Which state did each status page show for each of its components on each day?
-- grain: channel_id, component_id, day_on
-- caveats: The state at the last visit of the day; changes between visits are not seen. Feeds, Google's list and AWS's
--   show no components.
select
    channel_id,
    body->>'$.component_id' as component_id,
    cast(body->>'$.day_on' as date) as day_on,
    body->>'$.name' as component_name,
    cast(body->'$.drift' as varchar[]) as drift_words,
    source_time,
    seen_at
from raw.status__components
