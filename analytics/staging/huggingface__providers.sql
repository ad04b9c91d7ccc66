-- question: Which providers served each tracked model through the Hub on each day, and in which state?
-- grain: channel_id, model_id, provider, day_on
-- caveats: As listed by the Hub, not as measured: `live` is the Hub's word. An unrecognised word becomes `unknown` and
--   is listed in `drift_words`. `providers_count` in the model's details tells a day without providers from a day
--   without a visit.
model_id, provider, day_on, state as provider_state, drift as drift_words
