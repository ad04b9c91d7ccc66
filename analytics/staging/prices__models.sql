-- question: What did OpenRouter's list state about each model, from the day of each change?
-- grain: channel_id, listed_id, day_on
-- unit: USD for a million tokens, unless a column says otherwise
-- caveats: A row exists only for days on which something changed, including the day on which the model left the list
--   (`is_listed` is then false and everything else empty). A price is empty where the list says that it depends on the
--   request. It is OpenRouter's price at its default provider, which may differ from the vendor's own.
body->>'$.model_id' as listed_id,
cast(body->>'$.day_on' as date) as day_on,
cast(body->>'$.is_listed' as boolean) as is_listed,
body->>'$.canonical_id' as canonical_id,
body->>'$.hub_id' as hub_id,
cast(body->>'$.created_at' as timestamp) as listed_at,
cast(body->>'$.expires_on' as date) as expires_on,
cast(body->>'$.context_tokens' as bigint) as context_tokens,
cast(body->>'$.is_price_variable' as boolean) as is_price_variable,
round(cast(body->>'$.prompt_usd' as double) * 1e6, 6) as input_usd,
round(cast(body->>'$.completion_usd' as double) * 1e6, 6) as output_usd,
round(cast(body->>'$.cache_read_usd' as double) * 1e6, 6) as cache_read_usd,
cast(body->'$.input_kinds' as varchar[]) as input_kinds,
cast(body->'$.supported' as varchar[]) as supported_names,
cast(body->'$.drift' as varchar[]) as drift_words
