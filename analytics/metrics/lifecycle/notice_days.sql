-- question: How many days pass from the announcement of a model's shutdown to its last day?
-- title: notice before a model's shutdown
-- unit: days
-- better: high
-- caveats: By the maker's page, from the first dated announcement to the last day as currently stated, past or future;
--   a date that was moved counts as moved. Windows by the date of announcement. Models whose shutdown is given only as
--   an earliest date or a month are excluded, and so are those whose announcement has no date. Of open weights the page
--   is that of their maker's hosted API: downloaded weights cannot be switched off. A model whose page gives a day for
--   each of several regions counts once for each of them.
-- proof: analytics/metrics/test_notices.py::test_notice_runs_from_the_first_announcement_to_the_last_word,
--   analytics/metrics/test_notices.py::test_a_model_counts_once_for_each_region_that_has_a_day
-- shape: median
-- version: 2
-- covers: notices
-- of: models
-- segments: all
-- statistics: days
select
    notice_id as item_id, url, family_id, channel_kind, channel_role, true as is_pooled, 'all' as segment,
    'days' as statistic, age_days, notice_days as amount, exclusion_reason
from metrics.model_notices
