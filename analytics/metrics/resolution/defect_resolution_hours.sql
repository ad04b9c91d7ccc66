-- question: How long does it take to resolve a defect?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: wait until a defect is resolved
-- titles: p25 = wait until a quarter of defects is resolved
-- unit: hours
-- better: low
-- standard: CHAOSS Defect Resolution Duration (quantiles of the cumulative incidence; competing risks)
-- caveats: Time until a quarter, and half, of all threads with a bug label are resolved, as resolved_share defines it:
--   a thread closed otherwise never will be, and is neither left out nor counted as resolved; unknown closings are as
--   in resolution_hours. Half is often never reached. A bug label begins with `bug`, or ends in it after a colon or
--   slash, in its current form: a project without labels has no defects here.
-- version: 2
-- proof: analytics/metrics/test_resolution.py::test_defects_are_what_is_labelled_so,
--   analytics/estimates/test_survival.py::test_ways_of_ending_are_what_others_make_of_them
-- items: select d.item_id, t.url, d.family_id, d.channel_kind, d.channel_role, d.is_pooled, d.age_days, d.cause,
--   d.duration_hours, d.exclusion_reason
--   from metrics.survival_durations as d join staging.threads as t on t.thread_id = d.item_id where d.subject =
--   'resolution' and d.segment = 'bug'
-- shape: figure
-- covers: issues
-- of: threads labelled as bugs
-- segments: resolved
-- statistics: p25, median
-- gate: events
with ends as (
    select
        q.*, u.n_events > r.most_unseen_share * (q.n - q.n_censored) as is_hidden,
        q.value is null and q.n >= r.min_items_count and q.n_events >= r.min_events_count as is_unreached,
        case when u.n_events > 0 then 'How ' || cast(cast(u.n_events as bigint) as varchar) || ' of '
            || cast(cast(q.n - q.n_censored as bigint) as varchar) || ' closings came about is unknown.' end
            as unknown_note
    from metrics.competing_summary as q
    join metrics.competing_summary as u
        using (subject, family_id, channel_kind, channel_role, segment, "window", statistic)
    cross join metrics.rules as r
    where q.subject = 'resolution' and q.segment = 'bug' and q.cause = 'resolved' and u.cause = 'unknown'
)

select
    family_id, channel_kind, channel_role, cause as segment, statistic, "window",
    case when not is_hidden then value end as value, low, high, n, n_events, n_censored,
    case when is_unreached and not is_hidden then 'measured' end as own_state,
    case when is_hidden then unknown_note end as own_shortfall,
    nullif(concat_ws(
        ' ',
        case when not is_hidden then unknown_note end,
        case when is_unreached and not is_hidden then 'Not reached in the window: too few are resolved.' end
    ), '') as own_note
from ends
