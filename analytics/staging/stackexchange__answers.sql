-- question: Which answers do the questions of each channel have, as last seen?
-- grain: channel_id, reply_code
-- caveats: Comments below questions and answers are not read, so help given there is not seen. An answer deleted after
--   it was seen stays. Accounts are numbers of the site; none is marked as a vendor's staff, so staff are a lower
--   bound.
-- first seen: author_role
body->>'$.comment_id' as reply_code,
cast(body->>'$.number' as bigint) as number,
cast(body->>'$.is_accepted' as boolean) as is_accepted,
{{reply}}
