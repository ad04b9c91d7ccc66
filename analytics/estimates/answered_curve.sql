-- question: What share of those who ask has been answered after so many hours?
-- grain: family_id, channel_kind, channel_role, segment, window, hours
-- published: yes
-- unit: share
-- standard: Kaplan-Meier estimate with log-log bands; at 0 and 1 the exact binomial limit
-- caveats: No gate is applied yet. Empty beyond the longest time for which any thread was observed. `n_at_risk` counts
--   the threads that were still waiting and still observed just before that hour; if it is small, the curve is a
--   guess, and the band shows it. Segments of first_response_hours with 20 threads or more have all hours of a chart,
--   all others a few.
select
    c.family_id, f.side, c.channel_kind, c.channel_role, c.segment, c."window", c.hours, c.value, c.low, c.high,
    c.n_at_risk, c.n_events_so_far
from metrics.survival_shares as c
join staging.families as f on f.family_id = c.family_id
where c.subject = 'response'
