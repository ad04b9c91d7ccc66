-- question: What did the Hub's list report about each model of an organisation on each day?
-- grain: channel_id, model_id, day_on
-- standard: CHAOSS Number of Downloads
-- caveats: `downloads_30d` is the Hub's rolling figure of thirty days and must never be summed over days. A day without
--   a visit is missing, not zero.
select
    channel_id,
    body->>'$.model_id' as model_id,
    cast(body->>'$.day_on' as date) as day_on,
    cast(body->>'$.created_at' as timestamp) as created_at,
    cast(body->>'$.downloads' as bigint) as downloads_30d,
    cast(body->>'$.downloads_all_time' as bigint) as downloads_all_time,
    cast(body->>'$.likes' as bigint) as likes,
    body->>'$.gated' as gated,
    body->>'$.licence' as licence,
    cast(body->>'$.parameters' as bigint) as parameters,
    body->>'$.pipeline' as pipeline,
    cast(body->'$.base_models' as varchar[]) as base_models,
    source_time,
    seen_at
from raw.huggingface__models
