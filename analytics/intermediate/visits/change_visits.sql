-- question: When was each channel visited for proposed changes, and from when on was it read?
-- grain: channel_id, thing
-- unit: none
-- standard: none
-- caveats: Rows of `collections` for these things only, so that a visit to another source makes nothing anew that
--   rests on them.
-- by: channel
-- version: 1
select channel_id, thing, as_of_at, last_run_at, reach_at, first_run_at, coverage_share
from staging.collections
where thing = 'pulls'
