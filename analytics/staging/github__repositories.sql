-- question: Under which name did each repository answer on each day of a visit?
-- grain: channel_id, day_on
-- caveats: One snapshot a day, the last of the day; days without a visit are missing, not zero.
day_on, repository_id, full_name
