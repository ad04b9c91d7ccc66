-- question: Through which channels do notices about each family come, and as of when?
-- grain: family_id, channel_kind, channel_role, channel_id, thing
-- unit: none
-- standard: none
-- caveats: Rows of `covered_channels` for notices only: see there.
-- by: family
-- version: 1
select family_id, channel_kind, channel_role, channel_id, thing, as_of_at
from metrics.covered_channels
where subject = 'notices'
