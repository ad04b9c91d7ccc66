-- question: Which providers served each tracked model through the Hub on each day, and in which state?
-- grain: channel_id, model_id, provider, day_on
-- unit: none
-- standard: none
-- caveats: As the Hub's own list has it, not as measured: `live` is the Hub's word. A word that is none of its known
--   ones is `unknown` and stands in `drift_words`. Whether a day without rows means no provider or no look is told by
--   `providers_count` of the model's details.
-- version: 1
select
    channel_id,
    body->>'$.model_id' as model_id,
    body->>'$.provider' as provider,
    cast(body->>'$.day_on' as date) as day_on,
    body->>'$.state' as provider_state,
    body->>'$.task' as task,
    cast(body->'$.drift' as varchar[]) as drift_words,
    source_time,
    seen_at
from raw.huggingface__providers
