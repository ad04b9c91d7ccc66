-- question: How are reports closed within a month?
-- title: reports closed
-- titles: within_30d = reports closed within 30 days; within_30d/resolved = reports resolved within 30 days
-- unit: share
-- better: none
-- standard: CHAOSS Issue Resolution Duration (as a probability; competing risks, Aalen-Johansen)
-- caveats: The segments give the outcome and sum to 1: `resolved` (a merged change closed it, or a person other than
--   the asker closed it as completed), `not_planned`, `duplicate`, `bot_closed`, `asker_closed` (for whatever reason;
--   whether it was solved is unknown), `otherwise_closed`, `unknown` (neither the closer nor a reason that settles it
--   is given), and `open`. An unknown closing may have been any of the others: their intervals reach from none to all
--   of them, and if more than a twentieth of the closings are unknown, they have no value. Only a close that still
--   held when last seen counts. Trackers only: other channels give no reason for a close. GitHub calls completed
--   whatever is closed without another reason, so `resolved` is an upper bound: closed is not helped.
-- version: 5
-- proof: analytics/metrics/test_resolution.py::test_only_what_was_completed_by_others_is_resolved,
--   analytics/metrics/resolution/test_unknown_ends.py::test_an_unknown_closing_is_no_way_of_ending,
--   analytics/estimates/test_survival.py::test_ways_of_ending_are_what_others_make_of_them
-- items: select d.item_id, t.url, d.family_id, d.channel_kind, d.channel_role, d.is_pooled, d.age_days, d.cause,
--   d.duration_hours, d.exclusion_reason
--   from metrics.thread_ends as d join staging.threads as t on t.thread_id = d.item_id where d.wait = 'resolution'
-- shape: figure
-- covers: issues
-- of: threads
-- segments: resolved, not_planned, duplicate, bot_closed, asker_closed, otherwise_closed, unknown, open
-- statistics: within_30d
-- gate: share
with ends as (
    select
        c.* exclude (is_hidden), u.value as unknown_value, u.high as unknown_high, u.n_events as unknown_count,
        max(c.n_events) filter (where c.cause = 'waiting') over (
            partition by c.family_id, c.channel_kind, c.channel_role, c."window"
        ) as ends_count,
        c.cause not in ('waiting', 'unknown') and u.n_events > 0 as may_be_more
    from metrics.wait_estimates as c
    left join metrics.wait_estimates as u
        on u.wait = c.wait and u.family_id = c.family_id and u.channel_kind = c.channel_kind and u.channel_role = c.channel_role
            and u."window" = c."window" and u.statistic = c.statistic and u.cause = 'unknown'
    where c.wait = 'resolution' and c.statistic = 'share'
),

judged as (
    select e.*, e.may_be_more and e.unknown_count > r.most_unseen_share * e.ends_count as is_hidden
    from ends as e
    cross join metrics.rules as r
)

select
    e.family_id, e.channel_kind, e.channel_role, case e.cause when 'waiting' then 'open' else e.cause end as segment,
    'within_30d' as statistic, e."window", case when not e.is_hidden then e.value end as value, e.low,
    -- The limits of a sum, by squares of their distances (Zou and Donner's MOVER).
    case when e.may_be_more then least(1, e.value + e.unknown_value + sqrt(power(e.high - e.value, 2)
        + power(e.unknown_high - e.unknown_value, 2))) else e.high end as high,
    e.n, e.n_events, e.n_censored, cast(null as varchar) as own_state,
    case when e.is_hidden then e.unknown_note end as own_shortfall,
    case when e.value is null then 'No thread was observed for that long.' when not e.is_hidden then e.unknown_note
        end as own_note
from (
    select *, case when may_be_more then 'How ' || cast(cast(unknown_count as bigint) as varchar) || ' of '
        || cast(cast(ends_count as bigint) as varchar) || ' closings came about is unknown: between '
        || cast(round(100 * value, 1) as varchar) || ' and '
        || cast(round(100 * (value + unknown_value), 1) as varchar) || ' %.' end as unknown_note
    from judged
) as e
