-- question: What became of the numbers that appear in none of the lists of issues, pull requests and discussions?
-- grain: channel_id, number
-- unit: none
-- standard: none
-- caveats: Only numbers above the oldest collected thread are requested, each once. A transferred thread that GitHub
--   does not redirect counts as gone.
-- version: 1
select
    channel_id,
    cast(body->>'$.number' as bigint) as number,
    body->>'$.kind' as gap_kind,
    cast(body->>'$.checked_at' as timestamp) as checked_at,
    source_time,
    seen_at
from raw.github__gaps
