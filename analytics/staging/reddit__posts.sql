-- question: Which text posts do the subreddits have, as last seen?
-- grain: channel_id, post_id
-- caveats: Without titles, texts and names. If a post was deleted, removed, or can no longer be checked, only the fact
--   that it existed remains; so nothing is kept as first seen. Not every text post asks something. Reddit gives only
--   the newest thousand: posts from before the first visit, or from a gap between two visits, were never collected.
select
    channel_id,
    body->>'$.post_id' as post_id,
    body->>'$.url' as url,
    cast(body->>'$.created_at' as timestamp) as opened_at,
    body->>'$.state' as post_state,
    cast(body->>'$.comments' as bigint) as comments_count,
    body->>'$.actor' as actor_id,
    body->>'$.role' as author_role,
    {{opener}},
    source_time,
    seen_at
from raw.reddit__posts
