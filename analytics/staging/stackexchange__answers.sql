-- question: Which answers do the questions of each channel have, as last seen?
-- grain: channel_id, reply_code
-- caveats: Comments below questions and answers are not read, so help given there is not seen. An answer deleted after
--   it was seen stays. Accounts are numbers of the site; none is marked as a vendor's staff, so staff are a lower
--   bound.
-- first seen: author_role
comment_id as reply_code, number, is_accepted, {{reply}}
