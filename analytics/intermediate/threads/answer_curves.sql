-- question: What share of askers has an answer by a person after so many hours?
-- grain: family_id, channel_kind, channel_role, segment, window, hours
-- published: yes
-- unit: share
-- standard: Kaplan-Meier estimates with log-log intervals
-- caveats: The shares of wait_estimates that a page draws, of as many threads as a figure needs. Of hours at which
--   nothing changes only the last is there. Shares have four digits, which is more than a chart shows.
select
    w.family_id, w.channel_kind, w.channel_role, w.segment, w."window", w.hours, round(w.value, 4) as value,
    round(w.low, 4) as low, round(w.high, 4) as high, w.n_at_risk
from metrics.wait_estimates as w
cross join metrics.rules as r
where w.wait = 'answer' and w.statistic = 'share' and w.value is not null and w.n >= r.min_items_count
    and (w.segment = 'anyone' or contains(w.segment, ':'))
window curve as (
    partition by w.family_id, w.channel_kind, w.channel_role, w.segment, w."window" order by w.hours
)
qualify (w.value, w.low, w.high) is distinct from lag((w.value, w.low, w.high)) over curve
    or lead(w.hours) over curve is null
