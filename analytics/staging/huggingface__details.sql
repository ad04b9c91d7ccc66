-- question: What did the Hub say of each tracked model itself on each day, with what others made of it?
-- grain: channel_id, model_id, day_on
-- unit: none
-- standard: CHAOSS Number of Downloads
-- caveats: Only models that the catalog names. Derivatives are those whose authors declared their base model; relations are at times inferred and wrong.
--   A model that could not be read has its `model_state` and no figures.
-- version: 1
select
    channel_id,
    body->>'$.model_id' as model_id,
    body->>'$.asked_id' as asked_id,
    cast(body->>'$.day_on' as date) as day_on,
    body->>'$.state' as model_state,
    cast(body->>'$.created_at' as timestamp) as created_at,
    cast(body->>'$.downloads' as bigint) as downloads_30d,
    cast(body->>'$.downloads_all_time' as bigint) as downloads_all_time,
    cast(body->>'$.likes' as bigint) as likes,
    body->>'$.gated' as gated,
    body->>'$.licence' as licence,
    cast(body->>'$.parameters' as bigint) as parameters,
    cast(body->>'$.finetunes' as bigint) as finetunes,
    cast(body->>'$.adapters' as bigint) as adapters,
    cast(body->>'$.quantized' as bigint) as quantized,
    cast(body->>'$.merges' as bigint) as merges,
    source_time,
    seen_at
from raw.huggingface__details
