-- question: How many items of each subject are timed, how many ended, and how many still wait?
-- grain: subject, family_id, channel_kind, channel_role, segment, window
-- unit: items
-- caveats: No gate is applied yet. `n_unseen` counts those of which it was not seen whether they ended, `is_hidden` is
--   true if they are too many for a figure, and `n_effective` is the number of independent items that the others are
--   worth (survival_designs).
with unseen as (
    select stratum_id, count(*) as n_unseen from metrics.survival_members where is_unseen group by stratum_id
),

counted as (
    select
        stratum_id, max(n_at_risk) as n, max(n_events_so_far) as n_events,
        max(n_at_risk) / max(design_effect) as n_effective
    from metrics.survival_curves
    group by stratum_id
),

names as (
    select distinct stratum_id, subject, family_id, channel_kind, channel_role, segment, "window"
    from metrics.survival_strata
)

select
    k.stratum_id, k.subject, k.family_id, k.channel_kind, k.channel_role, k.segment, k."window", c.n, c.n_events,
    c.n - c.n_events as n_censored, c.n_effective, coalesce(u.n_unseen, 0) as n_unseen,
    coalesce(u.n_unseen, 0) > r.most_unseen_share * (c.n + coalesce(u.n_unseen, 0)) as is_hidden
from counted as c
join names as k on k.stratum_id = c.stratum_id
cross join metrics.rules as r
left join unseen as u on u.stratum_id = c.stratum_id
