-- question: How many days pass from the announcement of a model's end to its last day?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: notice before a model ends
-- unit: days
-- better: high
-- standard: none
-- caveats: By the maker's page, from the first dated announcement to the last day as it now stands, past or to come;
--   a day that was moved counts as moved. Windows by the day of announcement. Models whose end has only a floor or a
--   month are left out, and so are those whose announcement has no day. Weights that were fetched cannot be switched
--   off.
-- version: 1
-- proof: analytics/metrics/test_notices.py::test_notice_runs_from_the_first_announcement_to_the_last_word
-- shape: median
-- covers: notices
-- of: models
-- segments: all
-- statistics: days
select
    notice_id as item_id, url, family_id, channel_kind, channel_role, true as is_pooled, 'all' as segment,
    'days' as statistic, age_days, notice_days as amount, exclusion_reason
from metrics.model_notices
