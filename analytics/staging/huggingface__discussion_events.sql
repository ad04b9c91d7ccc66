-- question: Which comments does each discussion have?
-- grain: channel_id, event_id
-- caveats: Comments without the opening one, of discussions only, not of pull requests. A hidden comment has no features:
--   the Hub shows a note in place of its text.
-- first seen: author_role
event_id,
model_id || '#' || number as thread_code,
kind as event_kind, is_hidden, hidden_reason, {{reply}}
