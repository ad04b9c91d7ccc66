-- question: How much shorter does the wait look if replies by bots count as answers?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: wait hidden by bots
-- unit: hours
-- better: none
-- standard: bot masking (Hasan et al. 2023); interval of a difference from the limits of both (Zou and Donner's MOVER)
-- caveats: The median wait for the first answer by a person, minus that for the first reply by anything, including
--   bots and AI agents, as many tools count it. The interval comes from those of the two medians, which err together
--   as far as the same threads lie below both. Empty if either median is not reached; its lower end then is what is
--   left of the lower end of the one at the upper end of the other.
-- version: 3
-- proof: analytics/metrics/test_responses.py::test_bots_that_come_first_and_bots_that_come_alone
-- items: select d.item_id, t.url, d.family_id, d.channel_kind, d.channel_role, d.is_pooled, d.age_days, d.segment as
--   replied_by, d.duration_hours, d.exclusion_reason
--   from metrics.survival_durations as d join staging.threads as t on t.thread_id = d.item_id
--   where d.subject = 'response' and d.segment in ('anyone', 'anything')
-- shape: figure
-- covers: threads
-- segments: all
-- statistics: median
-- gate: events
with medians as (
    select
        p.*, a.value as any_value, a.low as any_low, a.high as any_high
    from metrics.survival_summary as p
    join metrics.survival_summary as a
        on a.subject = p.subject and a.family_id = p.family_id and a.channel_kind = p.channel_kind
            and a.channel_role = p.channel_role
        and a."window" = p."window" and a.statistic = p.statistic and a.segment = 'anything'
    where p.subject = 'response' and p.segment = 'anyone' and p.statistic = 'median'
),

-- How far being below one median goes with being below the other: a quarter of the threads would be below both by
-- chance.
together as (
    select
        m.family_id, m.channel_kind, m.channel_role, m."window", greatest(0, least(1, 4 * avg(
            case when p.duration_hours <= m.value and a.duration_hours <= m.any_value then 1 else 0 end
        ) - 1)) as correlation
    from metrics.survival_durations as p
    join metrics.survival_durations as a on a.subject = p.subject and a.item_id = p.item_id
    join metrics.scopes as s on p.age_days <= s.window_days and (p.is_pooled or not s.pools_roles)
    join medians as m
        on m.family_id = p.family_id and m.channel_kind = p.channel_kind and m."window" = s."window"
            and m.channel_role = case when s.pools_roles then 'all' else p.channel_role end
    where p.subject = 'response' and p.segment = 'anyone' and a.segment = 'anything'
        and not p.is_excluded and not a.is_excluded
        and (p.is_event or p.duration_hours > m.value) and (a.is_event or a.duration_hours > m.any_value)
    group by all
),

parts as (
    select
        m.*, m.value - m.any_value as masked, m.value - m.low as below, m.high - m.value as above,
        m.any_value - m.any_low as any_below, m.any_high - m.any_value as any_above,
        coalesce(t.correlation, 0) as correlation
    from medians as m
    left join together as t using (family_id, channel_kind, channel_role, "window")
)

select
    family_id, channel_kind, channel_role, 'all' as segment, statistic, "window", masked as value,
    greatest(0, coalesce(
        masked - sqrt(abs(below * below + any_above * any_above - 2 * correlation * below * any_above)), low - any_high
    )) as low,
    masked + sqrt(abs(above * above + any_below * any_below - 2 * correlation * above * any_below)) as high, n,
    n_effective, n_events, n_censored, bounds_note as own_shortfall,
    case when is_unreached then 'measured' end as own_state,
    case when is_unreached then 'Not reached in the window: too many are still waiting for a person.' end as own_note
from parts
