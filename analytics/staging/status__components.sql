-- question: Which components did each status page list on each day?
-- grain: channel_id, component_id, day_on
-- caveats: Feeds, Google's list and AWS's show no components.
component_id, day_on, name as component_name
