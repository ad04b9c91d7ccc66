-- Columns that the Hub gives of a model, in its list and in the model's details.
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
cast(body->'$.base_models' as varchar[]) as base_models
