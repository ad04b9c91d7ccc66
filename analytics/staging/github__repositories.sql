-- question: Under which name did each repository answer on each day of a visit?
-- grain: channel_id, day_on
-- caveats: One snapshot a day, the last of the day; days without a visit are missing, not zero.
cast(body->>'$.day_on' as date) as day_on,
cast(body->>'$.repository_id' as bigint) as repository_id,
body->>'$.full_name' as full_name
