-- question: Which discussions does each repository have, as last seen?
-- grain: channel_id, number
-- caveats: Whether a discussion is answered is known only in categories that allow choosing an answer; elsewhere
--   `has_accepted` is empty. Roles are as first seen, and lower bounds for staff and maintainers. GitHub decides
--   whether a later choice of an answer or an edit counts as an update; if not, it is seen with the next update. A
--   discussion deleted after it was seen stays.
-- first seen: author_role
number, title, closed_at, state, state_reason as close_reason, category, is_answered as has_accepted,
answer_chosen_at as accepted_at, comments as comments_count, {{opener}}
