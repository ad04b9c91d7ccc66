-- question: What did OpenRouter's list state about each model, from the day of each change?
-- grain: channel_id, listed_id, day_on
-- unit: USD for a million tokens, unless a column says otherwise
-- caveats: A row exists only for days on which something changed, including the day on which the model left the list
--   (`is_listed` is then false and everything else empty). A price is empty if the list says that it depends on the
--   request. It is OpenRouter's price at its default provider, which may differ from the vendor's own.
model_id as listed_id, day_on, is_listed, canonical_id, hub_id, created_at as listed_at, expires_on, context_tokens,
is_price_variable,
round(prompt_usd * 1e6, 6) as input_usd,
round(completion_usd * 1e6, 6) as output_usd,
round(cache_read_usd * 1e6, 6) as cache_read_usd,
input_kinds, supported as supported_names, drift as drift_words
