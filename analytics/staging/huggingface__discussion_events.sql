-- question: Which comments does each discussion have?
-- grain: channel_id, event_id
-- caveats: Comments without the opening one, of discussions only, not of pull requests. A hidden comment has no features:
--   the Hub shows a note in place of its text.
-- first seen: author_role
body->>'$.event_id' as event_id,
(body->>'$.model_id') || '#' || (body->>'$.number') as thread_code,
body->>'$.kind' as event_kind,
cast(body->>'$.is_hidden' as boolean) as is_hidden,
body->>'$.hidden_reason' as hidden_reason,
{{reply}}
