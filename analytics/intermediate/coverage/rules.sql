-- question: Which constants do all metrics share?
-- grain: normal_quantile
-- caveats: Below 20 items a figure is "not enough data", and so is a quantile of fewer than 5 events, and a share whose
--   interval is wider than 0.8; rates and shares of time need 20 observed days instead, and counts of a whole population
--   (downloads, derivatives) need none of these. Intervals are 95 %, two-sided. Student's quantile for f degrees of
--   freedom is the normal one plus the `student` terms over f, f^2, f^3 and f^4 (Abramowitz and Stegun 26.7.5, right to
--   0.001 from 4 degrees). An incident graded as an outage counts fully against uptime, a partial outage or degraded
--   service for 0.3 (Statuspage's weights). An incident without an end counts as open for 7 days after its last post;
--   after that its end is unknown. If the bounds of an uptime are more than 0.001 apart, there is only the range, no
--   single value; if they are more than 0.1 apart, the uptime cannot be stated from the page. Fewer than 3 families on
--   a side allow no statement about that side. Nobody is called new before 365 days of history were read. Where more
--   than a twentieth of what is known could not be seen, there are bounds and no value.
select
    20 as min_items_count,
    5 as min_events_count,
    cast(0.8 as double) as widest_share_interval,
    20 as min_observed_days,
    3 as min_families_count,
    365 as min_history_days,
    cast(0.05 as double) as most_unseen_share,
    cast(1.959963984540054 as double) as normal_quantile,
    cast(2.372271230299 as double) as student_first,
    cast(2.822498615740 as double) as student_second,
    cast(2.555849679508 as double) as student_third,
    cast(1.589534053394 as double) as student_fourth,
    cast(0.025 as double) as tail_share,
    cast(1.0 as double) as outage_weight,
    cast(0.3 as double) as degraded_weight,
    7 as open_incident_days,
    cast(0.001 as double) as widest_uptime_range,
    cast(0.1 as double) as widest_told_range
