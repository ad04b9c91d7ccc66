-- question: Which pull requests does each repository have, as last seen?
-- grain: channel_id, number
-- caveats: The author's role is as first seen. A first visit reaches back to its `since` by opening.
-- first seen: author_role
number, title, url, created_at as opened_at, closed_at, merged_at, actor as actor_id, role as author_role
