-- question: Which discussions does each repository have, as last seen?
-- grain: channel_id, number
-- caveats: Whether a discussion is answered is known only in categories that allow choosing an answer; elsewhere
--   `has_accepted` is empty. Roles are as first seen, and lower bounds for staff and maintainers. GitHub decides
--   whether a later choice of an answer or an edit counts as an update; if not, it is seen with the next update. A
--   discussion deleted after it was seen stays.
-- first seen: author_role
cast(body->>'$.number' as bigint) as number,
body->>'$.title' as title,
cast(body->>'$.closed_at' as timestamp) as closed_at,
body->>'$.state' as state,
body->>'$.state_reason' as close_reason,
body->>'$.category' as category,
cast(body->>'$.is_answered' as boolean) as has_accepted,
cast(body->>'$.answer_chosen_at' as timestamp) as accepted_at,
cast(body->>'$.comments' as bigint) as comments_count,
{{opener}}
