-- question: Which pull requests does each repository have, as last seen?
-- grain: channel_id, number
-- caveats: The author's role is as first seen. A first visit reaches back to its `since` by opening.
-- first seen: author_role
cast(body->>'$.number' as bigint) as number,
body->>'$.title' as title,
body->>'$.url' as url,
cast(body->>'$.created_at' as timestamp) as opened_at,
cast(body->>'$.closed_at' as timestamp) as closed_at,
cast(body->>'$.merged_at' as timestamp) as merged_at,
body->>'$.actor' as actor_id,
body->>'$.role' as author_role
