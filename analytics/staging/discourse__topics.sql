-- question: Which topics does each forum have, as last seen?
-- grain: channel_id, number
-- caveats: Forums do not state when a topic last changed, so the latest visit wins. A topic that was deleted, unlisted
--   or made private has the state `gone` and no other data. Whether an answer was accepted is empty if answers
--   cannot be accepted: without the plugin, and in categories if it is off. The forum does not state when an answer
--   was accepted. Only the first 200 posts of a topic are read; for longer topics, the times of the first closing and
--   reopening are empty.
-- first seen: author_role
number, title, closed_at, state, closed_by_role, first_closed_at, reopened_at, replies as replies_count, has_accepted,
{{opener}}, drift as drift_words
