-- question: Which constants do all metrics share?
-- grain: normal_quantile
-- caveats: What is shown is our own choice, and no statistics: nothing below 20 items (20 observed days for rates and
--   shares of time), no quantile of fewer than 5 events, no share whose interval is wider than 0.8, and bounds instead
--   of a value if more than a twentieth could not be seen. The NCHS (Parker and others 2017) shows no proportion of
--   fewer than 30, nor with an interval of 0.3 or more: that would hide two thirds of the shares here, and each of them
--   shows its interval. Counts of a whole population (downloads, derivatives) need none of these. Intervals are 95 %,
--   two-sided. Student's quantile for f degrees of freedom is the normal one plus the `student` terms over f, f^2, f^3
--   and f^4 (Abramowitz and Stegun 26.7.5, right to 0.001 from 4 degrees). Our choices too: an incident graded as an
--   outage counts fully against uptime, a partial outage or degraded service for 0.3 (Statuspage's weights); one
--   without an end counts as open for 7 days after its last post, and then its end is unknown. If the bounds of an
--   uptime are more than 0.001 apart, there is only the range; if they are more than 0.1 apart, the uptime cannot be
--   stated from the page. Fewer than 3 families on a side allow no statement about that side. Nobody is called new
--   before 365 days of history were read. Items that began within the same 7 days are alike.
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
    7 as alike_days,
    cast(0.001 as double) as widest_uptime_range,
    cast(0.1 as double) as widest_told_range
