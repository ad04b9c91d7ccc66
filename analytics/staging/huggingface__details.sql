-- question: What did the Hub report about each tracked model and its derivatives on each day?
-- grain: channel_id, model_id, day_on
-- standard: CHAOSS Number of Downloads
-- caveats: Only models that the catalog names. Derivatives are models whose authors declared this one as their base;
--   some relations are inferred and wrong. A model that could not be read has its `model_state` and no figures. A
--   non-standard licence is called `other` and has a name.
{{hub_model}},
body->>'$.asked_id' as asked_id,
body->>'$.state' as model_state,
cast(body->>'$.finetunes' as bigint) as finetunes,
cast(body->>'$.adapters' as bigint) as adapters,
cast(body->>'$.quantized' as bigint) as quantized,
cast(body->>'$.merges' as bigint) as merges,
body->>'$.licence_name' as licence_name,
cast(body->>'$.providers' as bigint) as providers_count
