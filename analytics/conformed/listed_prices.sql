-- question: What did each model of a family cost, from the day of each change?
-- grain: channel_id, listed_id, day_on
-- unit: USD for a million tokens
-- stored: no
-- caveats: As listed_models, which has the last price of each. `blended_usd` is three parts input to one part output; it
--   is empty for trials and conditional prices, and from the day on which the model left the list.
select
    p.channel_id, p.listed_id, m.family_id, p.day_on,
    case when p.is_listed and not coalesce(p.is_price_variable, false) and p.input_usd + p.output_usd > 0
        then (3 * p.input_usd + p.output_usd) / 4 end as blended_usd
from staging.prices__models as p
join staging.listed_models as m on m.channel_id = p.channel_id and m.listed_id = p.listed_id
where m.family_id is not null
