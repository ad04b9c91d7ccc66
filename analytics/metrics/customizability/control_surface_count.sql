-- question: How many controls does a request to a model offer?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: controls of a request
-- titles: fewest = controls of the most limited model; most = controls of the most open model
-- unit: controls
-- better: high
-- standard: none
-- caveats: Parameters that OpenRouter lists as supported by a model (temperature, tools, seed, logprobs,
--   response_format …), counted per model: the minimum, the median and the maximum over the listed models of the
--   family. It includes neither what the weights themselves allow nor what a maker's own interface offers beyond the
--   list. Models of an open family whose weights the list does not name are left out, since their maker keeps them. A
--   count of all, so without an interval.
-- version: 1
-- proof: analytics/metrics/test_offers.py::test_controls_are_counted_by_model,
--   analytics/metrics/test_offers.py::test_a_model_without_weights_does_not_stand_for_open_ones
-- items: select listed_id as item_id, url, family_id, 'prices' as channel_kind, controls_count as amount from
--   metrics.offered_models where is_listed and is_of_side
-- shape: figure
-- covers: prices
-- roles: together
-- of: models
-- segments: all
-- statistics: fewest, median, most
-- windows: all
-- gate: none
with listed as (
    select family_id, is_of_side, case when is_of_side then controls_count end as controls_count
    from metrics.offered_models
    where is_listed
),

counted as (
    select
        m.family_id, t.statistic, count(m.controls_count) as n, count(*) filter (where not m.is_of_side) as kept_count,
        cast(case t.statistic when 'fewest' then min(m.controls_count) when 'median' then median(m.controls_count)
            else max(m.controls_count) end as double) as value
    from listed as m
    cross join (values ('fewest'), ('median'), ('most')) as t (statistic)
    group by m.family_id, t.statistic
)

select
    family_id, 'prices' as channel_kind, 'all' as channel_role, 'all' as segment, statistic, 'all' as "window", value,
    value as low, value as high,
    n, n as n_events, 0 as n_censored, cast(null as varchar) as own_state,
    case when kept_count > 0 then 'Left out: ' || cast(kept_count as varchar) || ' without named weights.' end
        as own_note
from counted
