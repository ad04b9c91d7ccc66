-- question: Which questions have the tags of each channel, as last seen?
-- grain: channel_id, number
-- caveats: Accepting an answer or closing a question does not count as activity there, so the latest visit wins; beyond
--   the newest hundred questions both are seen only after other activity. A deleted question has the state `gone` and
--   no other data; one that lost its tag stays as last seen. Titles are under CC BY-SA: show them with their link. Few
--   people have asked there since 2023: a weak signal.
-- first seen: author_role
number, title, closed_at, state, close_reason, answers as replies_count, has_accepted, {{opener}},
drift as drift_words
