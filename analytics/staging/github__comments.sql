-- question: Which comments do issues have, as last seen?
-- grain: channel_id, comment_id
-- caveats: A comment deleted after it was seen stays. `is_hidden` is set by moderators; spam is excluded of replies,
--   outdated answers are not. Roles are as first seen, and lower bounds for staff and maintainers.
--   Whether a comment is hidden is unknown if it was read without a token (has_all_fields is false); such a row yields
--   to a whole one of the same instant.
-- first seen: author_role
-- whole first: has_all_fields
body->>'$.comment_id' as comment_id,
cast(body->>'$.number' as bigint) as number,
cast(body->>'$.is_hidden' as boolean) as is_hidden,
body->>'$.hidden_reason' as hidden_reason,
{{reply}},
coalesce(cast(body->>'$.has_all_fields' as boolean), true) as has_all_fields
