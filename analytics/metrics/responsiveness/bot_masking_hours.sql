-- question: How much shorter does the wait look if replies by bots count as answers?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: wait hidden by bots
-- unit: hours
-- better: none
-- standard: bot masking (Hasan et al. 2023); interval of a difference from the limits of both (Zou and Donner's MOVER)
-- caveats: The median wait for the first answer by a person, minus that for the first reply by anything, including
--   bots and AI agents, as many tools count it. The interval comes from those of the two medians, which err together
--   as far as the same threads, and the same weeks, lie below both (median_designs). Empty if either median is not
--   reached; its lower end then is what is left of the lower end of the one at the upper end of the other.
-- version: 1
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

parts as (
    select
        m.*, m.value - m.any_value as masked, m.value - m.low as below, m.high - m.value as above,
        m.any_value - m.any_low as any_below, m.any_high - m.any_value as any_above,
        coalesce(t.correlation, 0) as correlation
    from medians as m
    left join metrics.median_designs as t using (family_id, channel_kind, channel_role, "window")
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
