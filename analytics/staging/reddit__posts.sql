-- question: Which text posts do the subreddits have, as last seen?
-- grain: channel_id, post_id
-- caveats: Without titles, texts and names. If a post was deleted, removed, or can no longer be checked, only the fact
--   that it existed remains; so nothing is kept as first seen. Not every text post asks something. Reddit gives only
--   the newest thousand: posts from before the first visit, or from a gap between two visits, were never collected.
post_id, state as post_state, comments as comments_count, {{opener}}
