-- question: What did the Hub report about each tracked model and its derivatives on each day?
-- grain: channel_id, model_id, day_on
-- standard: CHAOSS Number of Downloads
-- caveats: Only models that the catalog names. Derivatives are models whose authors declared this one as their base;
--   some relations are inferred and wrong. A model that could not be read has its `model_state` and no figures. The Hub
--   names at most about a hundred spaces of a model, so with `has_more_spaces` the number is a lower bound. A
--   non-standard licence is called `other` and has a name and an address.
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
    body->>'$.pipeline' as pipeline,
    cast(body->'$.base_models' as varchar[]) as base_models,
    cast(body->>'$.finetunes' as bigint) as finetunes,
    cast(body->>'$.adapters' as bigint) as adapters,
    cast(body->>'$.quantized' as bigint) as quantized,
    cast(body->>'$.merges' as bigint) as merges,
    body->>'$.licence_name' as licence_name,
    cast(body->>'$.providers' as bigint) as providers_count,
    source_time,
    seen_at
from raw.huggingface__details
