-- question: What does each model of a family offer, and for how much, by its last listing?
-- grain: listed_id
-- unit: USD for a million tokens
-- published: yes
-- stored: no
-- caveats: From OpenRouter's list; variants (`:free`) are excluded. `blended_usd` is three parts input to one part
--   output. Conditional prices, and prices of zero (trials), are empty. A model gone from the list stays as last seen.
--   Makers of open families also list models whose weights they keep. `is_of_side` is false for those of an open family
--   whose weights the list does not name: what they offer says nothing of open models.
with priced as (
    select *, not coalesce(is_price_variable, false) as is_fixed, input_usd + output_usd > 0 as is_sold
    from staging.listed_models
    where family_id is not null and strpos(listed_id, ':') = 0
)

select
    m.family_id, m.channel_id, m.listed_id, 'https://openrouter.ai/' || m.listed_id as url, m.priced_on,
    m.gone_on is null as is_listed, case when is_fixed and is_sold then m.input_usd end as input_usd,
    case when is_fixed and is_sold then m.output_usd end as output_usd,
    case when is_fixed and m.cache_read_usd > 0 then m.cache_read_usd end as cache_read_usd,
    case when is_fixed and is_sold then (3 * m.input_usd + m.output_usd) / 4 end as blended_usd,
    m.context_tokens, m.input_kinds, m.supported_names, m.hub_id,
    f.side is null or f.side <> 'open' or m.hub_id is not null as is_of_side
from priced as m
left join staging.families as f on f.family_id = m.family_id
