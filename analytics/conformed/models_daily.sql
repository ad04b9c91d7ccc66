-- question: How much is each model of a family downloaded, liked and built on, day by day?
-- grain: channel_id, model_id, day_on
-- standard: CHAOSS Number of Downloads
-- caveats: Models of the family only: those that the catalog names, and those of the organisation whose name holds a
--   name of the family as words of its own, a weak one too, and no name of another thing: `Qwen2.5` is Qwen, `olmOCR`
--   no OLMo. The latter must answer in text, by the pipeline that the Hub last gave; without one they stay. The details
--   of a model take precedence over the list of the same day. Figures of thirty days must never be summed over days.
--   Whether a provider is live is the Hub's word. A renamed model keeps its days under the former name, until `renamed_on`; `renamed_to` is its name since.
with looks as (
    select * from staging.huggingface__details where model_state in ('public', 'disabled')
),

renamed as (
    select channel_id, asked_id, max(day_on) as renamed_on, max_by(model_id, day_on) as renamed_to
    from looks
    where asked_id <> model_id
    group by channel_id, asked_id
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
        coalesce(d.gated, l.gated) as gated,
        coalesce(d.licence, l.licence) as licence,
        coalesce(d.parameters, l.parameters) as parameters,
        coalesce(d.created_at, l.created_at) as created_at,
        coalesce(d.base_models, l.base_models) as base_models,
        coalesce(d.pipeline, l.pipeline) as pipeline,
        d.finetunes, d.adapters, d.quantized, d.merges,
        d.licence_name,
        case when d.providers_count is not null then coalesce(v.live_count, 0) end as live_providers_count,
        v.host_names,
        greatest(coalesce(d.seen_at, l.seen_at), coalesce(l.seen_at, d.seen_at)) as seen_at
    from staging.huggingface__models as l
    full outer join looks as d on d.channel_id = l.channel_id and d.model_id = l.model_id and d.day_on = l.day_on
    left join live as v on v.channel_id = d.channel_id and v.model_id = d.model_id and v.day_on = d.day_on
),

-- Words as in pipelines/text/mentions.py, but for underscores, which stand between words of a model's name.
spelled as (
    select
        channel_id, model_id, max_by(pipeline, day_on) as pipeline,
        ' ' || array_to_string(
            regexp_extract_all(lower(split_part(model_id, '/', 2)), '[a-z]+|[0-9]+'), ' '
        ) || ' ' as words
    from both_views
    group by channel_id, model_id
),

phrases as (
    select family_id, kind = 'masked' as is_mask, ' ' || replace(array_to_string(words, ' '), '_', '') || ' ' as phrase
    from raw.catalog__mentions
    where kind in ('sure', 'weak', 'masked')
),

named as (
    select s.channel_id, s.model_id
    from spelled as s
    join raw.catalog__channels as c on c.channel_id = s.channel_id
    join phrases as p on p.family_id = c.family_id and strpos(s.words, p.phrase) > 0
    where s.pipeline is null or s.pipeline in (
        'any-to-any', 'audio-text-to-text', 'image-text-to-text', 'text-generation', 'text2text-generation',
        'translation', 'video-text-to-text', 'visual-question-answering'
    )
    group by s.channel_id, s.model_id
    having not bool_or(p.is_mask)
)

select
    b.model_id, b.channel_id, c.family_id, b.day_on, b.downloads_30d, b.downloads_all_time, b.gated, b.licence,
    b.parameters, b.created_at, b.finetunes, b.adapters, b.quantized, b.merges,
    b.licence_name, b.live_providers_count,
    b.host_names, b.base_models, r.renamed_on,
    case when b.day_on <= r.renamed_on then r.renamed_to end as renamed_to, b.seen_at
from both_views as b
join raw.catalog__channels as c on c.channel_id = b.channel_id
left join renamed as r on r.channel_id = b.channel_id and r.asked_id = b.model_id
left join named as n on n.channel_id = b.channel_id and n.model_id = b.model_id
where n.model_id is not null or b.asked_id is not null or list_contains(c.models, b.model_id)
