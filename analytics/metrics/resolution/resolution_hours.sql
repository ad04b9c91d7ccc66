-- question: How long does it take to resolve a report?
-- title: wait until a report is resolved
-- unit: hours
-- better: low
-- standard: CHAOSS Issue Resolution Duration (quantiles of the cumulative incidence; competing risks)
-- caveats: Time until half of all reports are resolved, as resolved_share defines it: a report closed
--   otherwise never will be, and is neither excluded nor counted as resolved. Closings of which nobody knows how they
--   came about do not count as resolved either; if these are more than a twentieth of all there is no value. Half is
--   often never reached. Most tools give the mean time of closed reports, whatever closed them.
-- version: 5
-- proof: analytics/metrics/test_resolution.py::test_half_is_reached_only_where_half_is_resolved,
--   analytics/metrics/resolution/test_unknown_ends.py::test_the_wait_has_no_value_where_closings_are_unknown,
--   analytics/estimates/test_survival.py::test_ways_of_ending_are_what_others_make_of_them
-- items: select d.item_id, t.url, d.family_id, d.channel_kind, d.channel_role, d.is_pooled, d.age_days, d.cause,
--   d.duration_hours, d.exclusion_reason
--   from metrics.thread_ends as d join staging.threads as t on t.thread_id = d.item_id where d.wait = 'resolution'
-- shape: figure
-- covers: issues
-- of: threads
-- segments: resolved
-- statistics: median
-- gate: events
with judged as (
    select
        w.* exclude (is_hidden), u.n_events as unknown_count, u.n_events > r.most_unseen_share * (w.n - w.n_censored) as is_hidden,
        case when u.n_events > 0 then 'How ' || cast(u.n_events as varchar) || ' of '
            || cast(cast(w.n - w.n_censored as bigint) as varchar) || ' closings came about is unknown.' end
            as unknown_note
    from metrics.wait_estimates as w
    join metrics.wait_estimates as u using (wait, family_id, channel_kind, channel_role, "window", statistic)
    cross join metrics.rules as r
    where wait = 'resolution' and w.cause = 'resolved' and u.cause = 'unknown' and statistic <> 'share'
)

select
    family_id, channel_kind, channel_role, 'resolved' as segment, statistic, "window",
    case when not is_hidden then value end as value, low, high, n, n_events, n_censored,
    case when is_unreached and not is_hidden then 'measured' end as own_state,
    case when is_hidden then unknown_note end as own_shortfall,
    nullif(concat_ws(
        ' ',
        case when not is_hidden then unknown_note end,
        case when is_unreached and not is_hidden then 'Not reached in the window: too few are resolved.' end
    ), '') as own_note
from judged
