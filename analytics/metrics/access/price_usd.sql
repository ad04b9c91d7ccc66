-- question: What do a million tokens cost?
-- title: price of a million tokens
-- titles: cheapest = price of a million tokens of the cheapest model
-- unit: USD for a million tokens
-- better: low
-- caveats: OpenRouter's price at its default provider on the latest day: for open models the cheapest of many hosts,
--   for proprietary ones usually the maker's own price. `input` is tokens read, `output` tokens written, `blended`
--   three parts input to one part output, `cached` tokens read from a cache. The cheapest and the median of the
--   family's listed models, each taken separately; free variants, trials without a price and conditional prices are
--   excluded, and so are models of an open family whose weights the list does not name, since their maker keeps them.
--   A model on one's own machine has no such price. A count of all, so without an interval.
-- proof: analytics/metrics/test_offers.py::test_prices_are_those_of_what_is_listed_and_sold,
--   analytics/metrics/test_offers.py::test_a_model_without_weights_does_not_stand_for_open_ones
-- items: select listed_id as item_id, url, family_id, 'prices' as channel_kind, priced_on, input_usd, output_usd,
--   cache_read_usd, blended_usd
--   from metrics.offered_models where is_listed and is_of_side
-- shape: figure
-- covers: prices
-- roles: together
-- of: models
-- segments: input, output, blended, cached
-- statistics: cheapest, median
-- windows: all
-- gate: none
with prices as (
    select
        m.family_id, s.segment, m.is_of_side,
        case when not m.is_of_side then null when s.segment = 'input' then m.input_usd
            when s.segment = 'output' then m.output_usd when s.segment = 'cached' then m.cache_read_usd
            else m.blended_usd end as price
    from metrics.offered_models as m
    cross join (values ('input'), ('output'), ('blended'), ('cached')) as s (segment)
    where m.is_listed
),

counted as (
    select
        p.family_id, p.segment, t.statistic, count(p.price) as n,
        case when t.statistic = 'cheapest' then min(p.price) else median(p.price) end as value,
        nullif(count(*) filter (where not p.is_of_side), 0) || ' without named weights' as kept_note,
        nullif(count(*) filter (where p.is_of_side and p.price is null), 0) || ' without such a price' as unpriced_note
    from prices as p
    cross join (values ('cheapest'), ('median')) as t (statistic)
    group by p.family_id, p.segment, t.statistic
)

select
    family_id, 'prices' as channel_kind, 'all' as channel_role, segment, statistic, 'all' as "window", value,
    value as low, value as high, n, n as n_events, 0 as n_censored, cast(null as varchar) as own_state,
    'Excluded: ' || nullif(concat_ws(', ', kept_note, unpriced_note), '') || '.' as own_note
from counted
