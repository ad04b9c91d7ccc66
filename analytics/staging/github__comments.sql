-- question: Which comments do issues have, as last seen?
-- grain: channel_id, comment_id
-- caveats: A comment deleted after it was seen stays. `is_hidden` is set by moderators; spam is excluded of replies,
--   outdated answers are not. Roles are as first seen, and lower bounds for staff and maintainers.
--   Whether a comment is hidden is unknown if it was read without a token (has_all_fields is false); such a row yields
--   to a whole one of the same instant.
-- first seen: author_role
-- whole first: has_all_fields
comment_id, number, is_hidden, hidden_reason, {{reply}},
coalesce(has_all_fields, true) as has_all_fields
