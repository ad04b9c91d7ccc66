-- question: How many discussions does each tracked model have on the Hub, and are they readable?
-- grain: channel_id, model_id
-- unit: none
-- standard: none
-- caveats: As last seen, including pull requests. Numbers are assigned in order and never reused: `newest_number` minus
--   `discussions_count` were deleted. If access to a board is refused, its discussions are switched off or its model is
--   private: the Hub does not say which.
-- version: 1
select
    channel_id,
    body->>'$.model_id' as model_id,
    body->>'$.state' as board_state,
    cast(body->>'$.count' as bigint) as discussions_count,
    cast(body->>'$.newest' as bigint) as newest_number,
    cast(body->>'$.last_opened_at' as timestamp) as last_opened_at,
    source_time,
    seen_at
from raw.huggingface__boards
