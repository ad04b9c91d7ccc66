-- question: Which comments do discussions have, as last seen?
-- grain: channel_id, comment_id
-- caveats: Both comments and replies to them; a reply names its comment as `parent_id`. A deleted comment with replies
--   is still listed, hidden as deleted; one that vanished after it was seen stays. Roles are as first seen.
-- first seen: author_role
comment_id, number, parent_id, is_answer as is_accepted, is_hidden, hidden_reason, {{reply}}
