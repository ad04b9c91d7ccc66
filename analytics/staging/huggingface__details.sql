-- question: What did the Hub report about each tracked model and its derivatives on each day?
-- grain: channel_id, model_id, day_on
-- standard: CHAOSS Number of Downloads
-- caveats: Only models that the catalog names. Derivatives are models whose authors declared this one as their base;
--   some relations are inferred and wrong. A model that could not be read has its `model_state` and no figures. A
--   non-standard licence is called `other` and has a name.
{{hub_model}}, asked_id, state as model_state, finetunes, adapters, quantized, merges, licence_name,
providers as providers_count
