-- question: Which prices does LiteLLM's map name for the vendors' own models, since the day on which that changed?
-- grain: channel_id, check_id, day_on
-- unit: USD for a million tokens
-- standard: none
-- caveats: Kept by volunteers: a cross-check, never a source of record. Only vendors' own offers of text, no
--   resellers. A row only on days on which anything changed; one of an entry that has left the map is empty but for its
--   name.
-- version: 1
select
    channel_id,
    body->>'$.entry_id' as check_id,
    cast(body->>'$.day_on' as date) as day_on,
    cast(body->>'$.is_listed' as boolean) as is_listed,
    body->>'$.model_id' as guessed_id,
    body->>'$.provider' as provider_name,
    round(cast(body->>'$.prompt_usd' as double) * 1e6, 6) as input_usd,
    round(cast(body->>'$.completion_usd' as double) * 1e6, 6) as output_usd,
    cast(body->>'$.retires_on' as date) as retires_on,
    source_time,
    seen_at
from raw.prices__crosschecks
