-- question: Which topics does each forum have, as last seen?
-- grain: channel_id, number
-- caveats: Forums do not state when a topic last changed, so the latest visit wins. A topic that was deleted, unlisted
--   or made private has the state `gone` and no other data. Whether an answer was accepted is empty where answers
--   cannot be accepted: without the plugin, and in categories if it is off. The forum does not state when an answer
--   was accepted. Only the first 200 posts of a topic are read; for longer topics, the times of the first closing and
--   reopening are empty.
-- first seen: author_role
cast(body->>'$.number' as bigint) as number,
body->>'$.title' as title,
cast(body->>'$.closed_at' as timestamp) as closed_at,
body->>'$.state' as state,
body->>'$.closed_by_role' as closed_by_role,
cast(body->>'$.first_closed_at' as timestamp) as first_closed_at,
cast(body->>'$.reopened_at' as timestamp) as reopened_at,
cast(body->>'$.replies' as bigint) as replies_count,
cast(body->>'$.has_accepted' as boolean) as has_accepted,
{{opener}},
cast(body->'$.drift' as varchar[]) as drift_words
