-- question: What became of the numbers that none of the lists of issues, pull requests and discussions brought?
-- grain: channel_id, number
-- unit: none
-- standard: none
-- caveats: Only numbers above the oldest thread that is collected are asked for, each once. A thread that was
--   transferred and that GitHub does not lead on from counts as gone.
-- version: 1
select
    channel_id,
    cast(body->>'$.number' as bigint) as number,
    body->>'$.kind' as gap_kind,
    cast(body->>'$.checked_at' as timestamp) as checked_at,
    source_time,
    seen_at
from raw.github__gaps
