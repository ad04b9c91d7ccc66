-- question: What share has ended by each hour?
-- grain: subject, family_id, channel_kind, channel_role, segment, window, hours
-- unit: share
-- standard: Kaplan-Meier estimate with log-log bands; at 0 and 1 the exact binomial limit of
--   the independent items that these are worth
-- caveats: No gate is applied yet. Empty beyond the longest time for which anything was observed. `n_at_risk` counts
--   the items that were still waiting and still observed just before that hour; where it is small, the curve is a
--   guess, and the band shows it.
-- version: 2
select
    c.subject, c.family_id, c.channel_kind, c.channel_role, c.segment, c."window",
    c.at_hours as hours,
    case when c.n_at_risk > 0 or c.survival_share = 0 then 1 - c.survival_share end as value,
    case
        when c.survival_share = 0 then power(r.tail_share, c.design_effect / c.n_events_so_far)
        when c.n_at_risk = 0 then null
        when c.survival_share = 1 then 0
        else 1 - c.survival_high
    end as low,
    case
        when c.survival_share = 0 then 1
        when c.n_at_risk = 0 then null
        when c.survival_share = 1 then 1 - power(r.tail_share, c.design_effect / c.n_at_risk)
        else 1 - c.survival_low
    end as high,
    c.n_at_risk, c.n_events_so_far
from metrics.survival_curves as c
cross join metrics.rules as r
where c.is_grid
