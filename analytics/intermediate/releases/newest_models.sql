-- question: What is each model of a family like today, by the Hub's latest data?
-- grain: channel_id, model_id
-- published: yes
-- caveats: As last seen; a model not seen within the week before its channel's latest visit is excluded, because it may
--   be gone, and so is one that the Hub has since led on to another name, under which it is here. A non-standard
--   licence has the name that its author gave it. `is_packed`: the name says that the weights are quantized, so its
--   number of parameters may count packed words.
select
    family_id, channel_id, model_id, 'https://huggingface.co/' || model_id as url, day_on, created_at, gated,
    lower(case when licence = 'other' then licence_name else licence end) as licence_code,
    parameters, live_providers_count, host_names,
    downloads_30d, downloads_all_time, finetunes, adapters, quantized, merges, base_models,
    regexp_matches(lower(model_id), 'awq|gptq|gguf|fp8|fp4|int4|int8|[48]-?bit|bnb|mlx') as is_packed
from staging.models_daily
where family_id is not null
qualify row_number() over (partition by channel_id, model_id order by day_on desc) = 1
    and date_diff('day', day_on, max(day_on) over (partition by channel_id)) <= 7
    and coalesce(renamed_on < day_on, true)
