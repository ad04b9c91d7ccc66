-- question: What share of models was shut down with as much notice as the maker promises?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: models shut down with the promised notice
-- unit: share
-- better: high
-- standard: none
-- caveats: Days of notice (as in notice_days), compared with the promise known to apply on the day of announcement
--   (`that_day`), and with the one read last, whenever it was made (`last_read`). Promises are read by hand; if the
--   start date of a promise is not stated, it counts from the day on which it was read. Future shutdowns count as
--   currently stated. A promise for a class of models (previews, variants) is held against the models whose names show
--   that they belong to it, and the general one against the others. A model whose page gives a day for each of several
--   regions counts once for each of them.
-- version: 1
-- proof: analytics/metrics/test_notices.py::test_a_promise_is_held_against_the_notices_of_its_time
-- shape: share
-- covers: notices
-- of: models
-- segments: all
-- statistics: that_day, last_read
select
    n.notice_id as item_id, n.url, n.family_id, n.channel_kind, n.channel_role, true as is_pooled, 'all' as segment,
    p.statistic, n.age_days, n.notice_days >= p.promised_days as is_yes,
    coalesce(n.exclusion_reason, case when p.promised_days is null then 'without a known promise' end)
        as exclusion_reason
from metrics.model_notices as n
join metrics.notice_promises as p on p.notice_id = n.notice_id
