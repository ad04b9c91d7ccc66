-- question: Which replies does each forum have, as last seen?
-- grain: channel_id, reply_code
-- caveats: Regular posts only, without notes by moderators or the forum itself. A post that others deleted after it was
--   seen stays. Hidden or withdrawn posts are not read, and words quoted from another post are not counted.
-- first seen: author_role
comment_id as reply_code, number, is_hidden, is_withdrawn, is_accepted, {{reply}}
