-- question: How long does it take until a quarter, and half, of reports are resolved?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- unit: hours
-- standard: quantiles of the cumulative incidence; competing risks
-- caveats: Of all reports (`all`) and of those labelled as bugs (`bug`), for resolution_hours and
--   defect_resolution_hours. A quantile that is not reached although there are enough reports is measured, without a
--   value. Where it is unknown how more than a twentieth of the closings came about, there is no value either.
-- by: family
-- version: 1
with ends as (
    select
        q.*, u.n_events > r.most_unseen_share * (q.n - q.n_censored) as is_hidden,
        q.value is null and q.n >= r.min_items_count and q.n_events >= r.min_events_count
            and q.n_effective >= r.min_effective_count as is_unreached,
        case when u.n_events > 0 then 'How ' || cast(cast(u.n_events as bigint) as varchar) || ' of '
            || cast(cast(q.n - q.n_censored as bigint) as varchar) || ' closings came about is unknown.' end
            as unknown_note
    from metrics.competing_summary as q
    join metrics.competing_summary as u
        using (subject, family_id, channel_kind, channel_role, segment, "window", statistic)
    cross join metrics.rules as r
    where q.subject = 'resolution' and q.cause = 'resolved' and u.cause = 'unknown'
)

select
    family_id, channel_kind, channel_role, segment, statistic, "window",
    case when not is_hidden then value end as value, low, high, n, n_effective, n_events,
    n_censored,
    case when is_unreached and not is_hidden then 'measured' end as own_state,
    case when is_hidden then unknown_note end as own_shortfall,
    nullif(concat_ws(
        ' ',
        case when not is_hidden then unknown_note end,
        case when is_unreached and not is_hidden then 'Not reached in the window: too few are resolved.' end
    ), '') as own_note
from ends
