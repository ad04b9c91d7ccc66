-- question: What share has ended by each hour?
-- grain: subject, family_id, channel_kind, channel_role, segment, window, hours
-- unit: share
-- standard: Kaplan-Meier estimate with log-log bands; at 0 and 1 the exact binomial limit of the independent items that
--   these are worth (at 1 see survival_ends); bounds for what was not seen
-- caveats: No gate is applied yet. Empty beyond the longest time for which anything was observed, also if the last that
--   was observed has ended, unless nothing was lost sight of before. `n_at_risk` counts the items that were still
--   waiting and still observed just before that hour; if it is small, the curve is a guess, and the band shows it.
--   Items of which it was not seen whether they ended widen the band to where none and
--   if all of them had; if they are too many there is no value, and `bounds_note` tells the bounds.
with known as (
    select
        c.*, e.most_waiting_share,
        c.n_at_risk > 0 or coalesce(not e.is_cut_short or e.longest_watch_hours >= c.at_hours, false) as is_known
    from metrics.survival_curves as c
    left join metrics.survival_ends as e on e.stratum_id = c.stratum_id and e.ended_hours <= c.at_hours
    where c.is_grid
),

seen as (
    select
        t.subject, t.family_id, t.channel_kind, t.channel_role, t.segment, t."window", c.at_hours as hours,
        case when c.is_known then 1 - c.survival_share end as value,
        case
            when not c.is_known then null
            when c.survival_share = 0 then 1 - c.most_waiting_share
            when c.survival_share = 1 then 0
            else 1 - c.survival_high
        end as low,
        case
            when not c.is_known then null
            when c.survival_share = 0 then 1
            when c.survival_share = 1 then 1 - power(r.tail_share, c.design_effect / c.n_at_risk)
            else 1 - c.survival_low
        end as high,
        c.n_at_risk, c.n_events_so_far, t.n, t.n_unseen, t.is_hidden, t.n / (t.n + t.n_unseen) as seen_share
    from known as c
    join metrics.survival_totals as t on t.stratum_id = c.stratum_id
    cross join metrics.rules as r
)

select
    subject, family_id, channel_kind, channel_role, segment, "window", hours,
    case when not is_hidden then value end as value,
    case when not is_hidden then low * seen_share end as low,
    case when not is_hidden then high * seen_share + 1 - seen_share end as high,
    n_at_risk, n_events_so_far,
    case when is_hidden and value is not null
        then n_unseen || ' of ' || (n + n_unseen) || case n_unseen when 1 then ' was' else ' were' end
            || ' not seen: the share lies between '
            || cast(round(100 * value * seen_share, 1) as varchar) || ' and '
            || cast(round(100 * (value * seen_share + 1 - seen_share), 1) as varchar) || ' %.' end as bounds_note
from seen
