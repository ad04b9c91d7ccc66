-- question: Which discussions and pull requests do tracked models have, as last seen?
-- grain: channel_id, thread_code
-- caveats: Pull requests are known from the list alone, without their text and without whether their author belongs to
--   the organisation. An owner of the organisation counts as staff only if the channel is official; people of Hugging
--   Face and moderators of the Hub (`PLATFORM`) are outsiders, unless they belong to the organisation: they keep the
--   Hub running and answer for no model. A deleted discussion stays as last seen; one that was hidden or edited without
--   a new comment is noticed with its next activity.
-- first seen: author_role
(body->>'$.model_id') || '#' || (body->>'$.number') as thread_code,
cast(body->>'$.number' as bigint) as number,
body->>'$.title' as title,
cast(body->>'$.closed_at' as timestamp) as closed_at,
body->>'$.state' as state,
body->>'$.closed_by_role' as closed_by_role,
cast(body->>'$.first_closed_at' as timestamp) as first_closed_at,
cast(body->>'$.reopened_at' as timestamp) as reopened_at,
cast(body->>'$.is_pull_request' as boolean) as is_pull_request,
coalesce(cast(body->>'$.is_report' as boolean), false) as is_report,
cast(body->>'$.comments' as bigint) as comments_count,
{{opener}},
cast(body->'$.drift' as varchar[]) as drift_words
