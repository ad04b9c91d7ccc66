-- question: When were the comments of each post last read, and were they all there?
-- grain: channel_id, post_id
-- unit: none
-- standard: none
-- caveats: Reddit counts comments that it shows nobody. A reading is whole where nothing was left folded, and, where
--   anything had been, as many comments came as Reddit counts.
-- version: 1
select
    channel_id,
    body->>'$.post_id' as post_id,
    cast(body->>'$.read_at' as timestamp) as read_at,
    cast(body->>'$.said' as bigint) as comments_count,
    cast(body->>'$.read' as bigint) as read_count,
    cast(body->>'$.is_complete' as boolean) as is_whole,
    source_time,
    seen_at
from raw.reddit__trees
