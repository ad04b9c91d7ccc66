-- question: What did each model of a family cost on each day of a visit?
-- grain: channel_id, listed_id, day_on
-- unit: USD for a million tokens, unless a column says otherwise
-- caveats: OpenRouter's price at its default provider: for open models the cheapest of many hosts, for proprietary ones
--   usually the vendor's own. A day without a good visit is missing. Empty where the list says that the price depends
--   on the request. Free variants (`:free`) cost 0 and have other limits.
with looks as (
    select distinct channel_id, cast(started_at as date) as day_on
    from raw.ledger__runs
    where source = 'prices' and thing = 'models' and state in ('complete', 'unchanged')
),

spans as (
    select *, lead(day_on) over (partition by channel_id, listed_id order by day_on) as until_on
    from staging.prices__models
)

select
    s.listed_id, s.channel_id, m.family_id, l.day_on,
    s.input_usd, s.output_usd, s.cache_read_usd, s.is_price_variable, s.seen_at
from spans as s
join looks as l on l.channel_id = s.channel_id and l.day_on >= s.day_on
    and (s.until_on is null or l.day_on < s.until_on)
join staging.listed_models as m on m.channel_id = s.channel_id and m.listed_id = s.listed_id
where s.is_listed and m.family_id is not null
