-- question: Which prices does LiteLLM's map give for the vendors' own models, from the day of each change?
-- grain: channel_id, check_id, day_on
-- unit: USD for a million tokens
-- standard: none
-- caveats: Kept by volunteers: a cross-check, never a source of record. Only vendors' own text models, no resellers. A
--   row exists only for days on which something changed; the row of an entry that left the map is empty except for its
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
