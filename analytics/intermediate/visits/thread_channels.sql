-- question: Through which channels do requests for help about each family come, and as of when?
-- grain: family_id, channel_kind, channel_role, channel_id, thing
-- caveats: Rows of `covered_channels` for threads only: see there.
-- by: family
select family_id, channel_kind, channel_role, channel_id, thing, as_of_at
from metrics.covered_channels
where subject = 'threads'
