-- question: Which models can be chosen, and what does it take to use each: weights, licence, memory, price, host?
-- grain: family_id, model
-- published: yes
-- caveats: One row per model: weights on the Hub and the entry of the list of prices that names them are one model, as
--   are those whose names have the same letters and digits within a family; of several entries the cheapest counts.
--   Copies that their names call quantized are excluded, models gone from either list too. `has_weights` is empty for
--   an open family's entry whose weights the list does not name. What is unknown is empty: a licence missing from the
--   table of licences, parameters that the Hub does not give, a model that the list of prices lacks. The price is that
--   of OpenRouter's default provider, the hosts are those that serve the model through the Hub.
with weights as (
    select *, regexp_replace(lower(split_part(model_id, '/', 2)), '[^a-z0-9]', '', 'g') as plain_name
    from metrics.newest_models
    where not is_packed
    qualify row_number() over (
        partition by family_id, plain_name order by downloads_30d desc nulls last, model_id
    ) = 1
),

offers as (
    select
        o.family_id, o.listed_id, l.canonical_id, l.hub_id, o.url, o.blended_usd, o.priced_on, o.context_tokens,
        l.expires_on,
        regexp_replace(lower(split_part(coalesce(l.hub_id, o.listed_id), '/', 2)), '[^a-z0-9]', '', 'g') as plain_name
    from metrics.offered_models as o
    join staging.listed_models as l on l.channel_id = o.channel_id and l.listed_id = o.listed_id
    where o.is_listed
    qualify row_number() over (partition by o.family_id, plain_name order by o.blended_usd, o.listed_id) = 1
)

select
    f.family_id, f.side, coalesce(w.model_id, o.hub_id, o.listed_id) as model, w.channel_id as hub_channel_id,
    w.model_id, o.listed_id, o.canonical_id, coalesce(w.url, o.url) as url, o.url as price_url,
    case when w.model_id is not null or o.hub_id is not null then true when f.side = 'proprietary' then false
        end as has_weights,
    w.licence_code, l.class_points, l.allows_changes, w.gated, w.parameters, w.downloads_30d, w.live_providers_count,
    w.host_names, o.blended_usd, o.priced_on, o.context_tokens, o.expires_on, w.day_on
from weights as w
full outer join offers as o on o.family_id = w.family_id and o.plain_name = w.plain_name
join staging.families as f on f.family_id = coalesce(w.family_id, o.family_id)
left join metrics.licence_classes as l on l.licence_code = w.licence_code
