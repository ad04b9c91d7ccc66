-- question: Which discussions and pull requests do tracked models have, as last seen?
-- grain: channel_id, thread_code
-- caveats: Pull requests are known from the list alone, without their text and without whether their author belongs to
--   the organisation. An owner of the organisation counts as staff only if the channel is official; people of Hugging
--   Face and moderators of the Hub (`PLATFORM`) are outsiders, unless they belong to the organisation: they keep the
--   Hub running and answer for no model. A deleted discussion stays as last seen; one that was hidden or edited without
--   a new comment is noticed with its next activity.
-- first seen: author_role
model_id || '#' || number as thread_code,
number, title, closed_at, state, closed_by_role, first_closed_at, reopened_at, is_pull_request,
coalesce(is_report, false) as is_report,
comments as comments_count, {{opener}}, drift as drift_words
