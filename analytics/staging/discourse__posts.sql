-- question: Which replies does each forum have, as last seen?
-- grain: channel_id, reply_code
-- caveats: Regular posts only, without notes by moderators or the forum itself. A post that others deleted after it was
--   seen stays. Hidden or withdrawn posts are not read, and words quoted from another post are not counted.
-- first seen: author_role
body->>'$.comment_id' as reply_code,
cast(body->>'$.number' as bigint) as number,
cast(body->>'$.is_hidden' as boolean) as is_hidden,
cast(body->>'$.is_withdrawn' as boolean) as is_withdrawn,
cast(body->>'$.is_accepted' as boolean) as is_accepted,
{{reply}}
