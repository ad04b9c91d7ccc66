-- question: Which components did each status page list on each day?
-- grain: channel_id, component_id, day_on
-- caveats: Feeds, Google's list and AWS's show no components.
body->>'$.component_id' as component_id,
cast(body->>'$.day_on' as date) as day_on,
body->>'$.name' as component_name
