-- question: How many items of each subject are timed, how many ended, and how many still wait?
-- grain: subject, family_id, channel_kind, channel_role, segment, window
-- unit: items
-- standard: none
-- caveats: No gate is applied yet.
-- version: 1
select
    subject, family_id, channel_kind, channel_role, segment, "window",
    max(n_at_risk) as n, max(n_events_so_far) as n_events, max(n_at_risk) - max(n_events_so_far) as n_censored
from metrics.survival_curves
group by all
