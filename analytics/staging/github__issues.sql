-- question: Which issues does each repository have, as last seen?
-- grain: channel_id, number
-- caveats: GitHub gives strangers the present association, and private members look like outsiders: shares of staff and
--   maintainers are lower bounds. Anyone who closed somebody else's thread, and has no other role in it, counts as a
--   maintainer, because only maintainers may close it. The first value seen is kept, because a person who joins later
--   was an outsider when asking. An issue that is deleted or moved away stays as last seen. The times of the first
--   closing and reopening are empty after more than ten closings and reopenings. A fix is a merged pull request or a
--   commit that, according to GitHub, closed the issue: issues that people close by hand after a fix have none. The
--   role of an author who fixed it in another repository may not be known here (`unknown`). If an issue was read
--   without a token (has_all_fields is false), who or what closed it and whether it was reopened is unknown; such a row
--   yields to a whole one of the same instant.
-- first seen: author_role
-- whole first: has_all_fields
number, title, closed_at,
case when closed_at is null then 'open' else 'closed' end as state,
state_reason as close_reason, closed_by_role, first_closed_at, reopened_at, fixed_at, fixed_by as fixed_by_id,
fixed_by_role, fix_url, comments as comments_count, {{opener}},
coalesce(has_all_fields, true) as has_all_fields
