-- question: What did the Hub's list report about each model of an organisation on each day?
-- grain: channel_id, model_id, day_on
-- standard: CHAOSS Number of Downloads
-- caveats: `downloads_30d` is the Hub's rolling figure of thirty days and must never be summed over days. A day without
--   a visit is missing, not zero.
{{hub_model}}
