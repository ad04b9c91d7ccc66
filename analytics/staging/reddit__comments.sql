-- question: Which comments do posts have, as last seen?
-- grain: channel_id, comment_id
-- caveats: Without texts and names; a deleted or removed comment leaves only its position. A comment that vanished from
--   its post's tree stays here: it counts only while the last complete reading of the tree (`reddit__trees`) still
--   showed it.
comment_id, post_id, state as post_state, {{reply}}
