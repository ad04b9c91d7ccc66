-- question: How many releases and entries appeared, and over how many observed days?
-- grain: family_id, channel_kind, channel_role, window
-- unit: entries
-- standard: none
-- caveats: Days are summed over the channels of a role, within the window and back to the oldest dated entry of each;
--   that entry itself is not counted, because it defines the start of the period. Entries without a day enter neither
--   count.
-- version: 1
with spans as (
    select
        g.channel_id, g.family_id, g.channel_kind, g.channel_role, w."window", g.age_days,
        least(w.window_days, max(g.age_days) over (partition by g.channel_id, w."window")) as observed_days
    from metrics.release_gaps as g
    join metrics.scopes as w on not w.pools_roles
),

counted as (
    select
        channel_id, family_id, channel_kind, channel_role, "window", observed_days,
        count(*) filter (where age_days >= 0 and age_days < observed_days) as entries_count
    from spans
    group by all
)

select
    family_id, channel_kind, channel_role, "window", sum(observed_days) as observed_days,
    cast(sum(entries_count) as bigint) as entries_count
from counted
group by all
