-- question: What does a model cost, against models of like kind of open and proprietary families?
-- title: price against models of like kind
-- unit: times the middle price
-- better: low
-- caveats: OpenRouter's price, at its default provider, of the blend of three parts input to one part output: for open
--   models the cheapest of many hosts, for proprietary ones usually the maker's own price. Of an open family only
--   models whose weights the list names count: makers also list models that they keep to themselves. Models are of like
--   kind if their context windows are of the same class (to 64 Ki tokens, to 256 Ki, longer), if both or neither take
--   images, tools and reasoning, as listed; only kinds that both sides offer count, and models without a known context
--   are excluded. The family's middle price in each kind is divided by the middle of the two sides there, and the
--   geometric mean over the kinds is taken. What the kind does not hold is not matched: how good the answers are is not
--   collected. Hosted prices only: a model on one's own machine has none. A count of all, so without an interval.
-- proof: analytics/metrics/test_offers.py::test_prices_are_compared_between_models_of_like_kind,
--   analytics/metrics/test_offers.py::test_a_model_without_weights_does_not_stand_for_open_ones
-- items: select listed_id as item_id, url, family_id, 'prices' as channel_kind, priced_on, blended_usd, context_tokens
--   from metrics.offered_models
--   where is_listed and is_of_side and context_tokens is not null
-- phase: across
-- shape: figure
-- covers: prices
-- roles: together
-- of: models
-- segments: blended
-- statistics: median
-- windows: all
-- gate: none
with kinds as (
    select
        m.family_id, f.side, ln(m.blended_usd) as log_price,
        concat_ws(
            '/',
            case when m.context_tokens <= 65536 then '64' when m.context_tokens <= 262144 then '256' else 'longer' end,
            coalesce(list_contains(m.input_kinds, 'image'), false),
            coalesce(list_contains(m.supported_names, 'tools'), false),
            coalesce(list_contains(m.supported_names, 'reasoning'), false)
        ) as model_kind
    from metrics.offered_models as m
    join staging.families as f on f.family_id = m.family_id
    where m.is_listed and m.is_of_side and m.blended_usd > 0 and m.context_tokens is not null
        and f.side in ('open', 'proprietary')
),

families as (
    select family_id, side, model_kind, median(log_price) as log_price, count(*) as models_count
    from kinds
    group by family_id, side, model_kind
),

sides as (
    select model_kind, side, median(log_price) as log_price from families group by model_kind, side
),

middles as (
    select model_kind, avg(log_price) as log_price
    from sides
    group by model_kind
    having count(*) = 2
),

figures as (
    select f.family_id, exp(avg(f.log_price - m.log_price)) as value, cast(sum(f.models_count) as bigint) as n
    from families as f
    join middles as m on m.model_kind = f.model_kind
    group by f.family_id
),

kept as (
    select family_id, count(*) as kept_count
    from metrics.offered_models
    where is_listed and not is_of_side
    group by family_id
)

select
    f.family_id, 'prices' as channel_kind, 'all' as channel_role, 'blended' as segment, 'median' as statistic,
    'all' as "window", f.value, f.value as low, f.value as high, f.n, f.n as n_events, 0 as n_censored,
    cast(null as varchar) as own_state,
    case when k.kept_count > 0 then 'Excluded: ' || cast(k.kept_count as varchar) || ' without named weights.' end
        as own_note
from figures as f
left join kept as k on k.family_id = f.family_id
