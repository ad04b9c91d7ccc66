-- question: When were the comments of each post last read, and were they complete?
-- grain: channel_id, post_id
-- caveats: Reddit also counts comments that it shows to nobody. A reading is complete if nothing was left folded and,
--   if anything had been folded, the number of comments equals Reddit's count.
post_id, read_at, said as comments_count, read as read_count, is_complete as is_whole
