-- question: How much is each model of a family downloaded, liked and built on, day by day?
-- grain: channel_id, model_id, day_on
-- unit: none
-- standard: CHAOSS Number of Downloads
-- caveats: Models of the family only: those that the catalog names, and those of the organisation whose name contains a
--   name of the family. The details of a model take precedence over the list of the same day. Figures of thirty days
--   must never be summed over days. Spaces are a lower bound where the Hub names a hundred of them; whether a provider
--   is live is the Hub's word.
-- version: 3
with looks as (
    select * from staging.huggingface__details where model_state in ('public', 'disabled')
),

live as (
    select
        channel_id, model_id, day_on, count(*) as live_count,
        string_agg(provider, ', ' order by provider) as host_names
    from staging.huggingface__providers
    where provider_state = 'live'
    group by channel_id, model_id, day_on
),

both_views as (
    select
        coalesce(d.channel_id, l.channel_id) as channel_id,
        coalesce(d.model_id, l.model_id) as model_id,
        coalesce(d.day_on, l.day_on) as day_on,
        d.asked_id,
        coalesce(d.downloads_30d, l.downloads_30d) as downloads_30d,
        coalesce(d.downloads_all_time, l.downloads_all_time) as downloads_all_time,
        coalesce(d.likes, l.likes) as likes,
        coalesce(d.gated, l.gated) as gated,
        coalesce(d.licence, l.licence) as licence,
        coalesce(d.parameters, l.parameters) as parameters,
        coalesce(d.created_at, l.created_at) as created_at,
        coalesce(d.base_models, l.base_models) as base_models,
        d.finetunes, d.adapters, d.quantized, d.merges,
        d.licence_name, d.licence_url, d.library_name, d.spaces_count,
        case when d.providers_count is not null then coalesce(v.live_count, 0) end as live_providers_count,
        v.host_names,
        greatest(coalesce(d.seen_at, l.seen_at), coalesce(l.seen_at, d.seen_at)) as seen_at
    from staging.huggingface__models as l
    full outer join looks as d on d.channel_id = l.channel_id and d.model_id = l.model_id and d.day_on = l.day_on
    left join live as v on v.channel_id = d.channel_id and v.model_id = d.model_id and v.day_on = d.day_on
),

listed as (
    select family_id, unnest(mentions) as mention from raw.catalog__families
),

names as (
    select family_id, regexp_replace(lower(mention), '[^a-z0-9]', '', 'g') as word from listed
),

kept as (
    select b.channel_id, b.model_id, b.day_on, max(c.family_id) as family_id
    from both_views as b
    join raw.catalog__channels as c on c.channel_id = b.channel_id
    left join names as n
        on n.family_id = c.family_id
        and n.word <> ''
        and strpos(regexp_replace(lower(split_part(b.model_id, '/', 2)), '[^a-z0-9]', '', 'g'), n.word) > 0
    where n.word is not null or b.asked_id is not null or list_contains(c.models, b.model_id)
    group by b.channel_id, b.model_id, b.day_on
)

select
    b.model_id, b.channel_id, k.family_id, b.day_on, b.downloads_30d, b.downloads_all_time, b.likes, b.gated, b.licence,
    b.parameters, b.created_at, b.finetunes, b.adapters, b.quantized, b.merges,
    b.licence_name, b.licence_url, b.library_name, b.spaces_count, b.live_providers_count,
    b.host_names, b.base_models, b.seen_at
from both_views as b
join kept as k on k.channel_id = b.channel_id and k.model_id = b.model_id and k.day_on = b.day_on
