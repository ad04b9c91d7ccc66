-- question: Which comments do discussions have, as last seen?
-- grain: channel_id, comment_id
-- caveats: Both comments and replies to them; a reply names its comment as `parent_id`. A deleted comment with replies
--   is still listed, hidden as deleted; one that vanished after it was seen stays. Roles are as first seen.
-- first seen: author_role
body->>'$.comment_id' as comment_id,
cast(body->>'$.number' as bigint) as number,
body->>'$.parent_id' as parent_id,
cast(body->>'$.is_answer' as boolean) as is_accepted,
cast(body->>'$.is_hidden' as boolean) as is_hidden,
body->>'$.hidden_reason' as hidden_reason,
{{reply}}
