-- question: When were the comments of each post last read, and were they complete?
-- grain: channel_id, post_id
-- caveats: Reddit also counts comments that it shows to nobody. A reading is complete if nothing was left folded and,
--   where anything had been folded, the number of comments equals Reddit's count.
body->>'$.post_id' as post_id,
cast(body->>'$.read_at' as timestamp) as read_at,
cast(body->>'$.said' as bigint) as comments_count,
cast(body->>'$.read' as bigint) as read_count,
cast(body->>'$.is_complete' as boolean) as is_whole
