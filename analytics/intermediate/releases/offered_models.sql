-- question: What does each model of a family offer, and for how much, as it was last listed?
-- grain: listed_id
-- unit: USD for a million tokens
-- caveats: From OpenRouter's list; variants (`:free`) are left out. `blended_usd` is three parts input to one part
--   output. Conditional prices, and prices of zero (trials), are empty. A model gone from the list stays as last seen.
--   Makers of open families also list models whose weights they keep. `is_of_side` is false for those of an open family
--   whose weights the list does not name: what they offer says nothing of open models.
with ranked as (
    select *, row_number() over (partition by channel_id, listed_id order by day_on desc nulls last) as from_newest
    from staging.prices_daily
),

priced as (
    select
        channel_id, listed_id, day_on,
        case when not coalesce(is_price_variable, false) and input_usd + output_usd > 0 then input_usd end as input_usd,
        case when not coalesce(is_price_variable, false) and input_usd + output_usd > 0 then output_usd
            end as output_usd,
        case when not coalesce(is_price_variable, false) and cache_read_usd > 0 then cache_read_usd
            end as cache_read_usd
    from ranked
    where from_newest = 1
)

select
    m.family_id, m.channel_id, m.listed_id, 'https://openrouter.ai/' || m.listed_id as url, p.day_on as priced_on,
    m.gone_on is null as is_listed, p.input_usd, p.output_usd, p.cache_read_usd,
    (3 * p.input_usd + p.output_usd) / 4 as blended_usd,
    m.context_tokens, m.input_kinds, m.supported_names, m.hub_id,
    f.side is null or f.side <> 'open' or m.hub_id is not null as is_of_side
from staging.listed_models as m
left join staging.families as f on f.family_id = m.family_id
left join priced as p on p.channel_id = m.channel_id and p.listed_id = m.listed_id
where m.family_id is not null and strpos(m.listed_id, ':') = 0
