-- question: What share of models ended with as much notice as the maker promises?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: models that ended with the notice promised
-- unit: share
-- better: high
-- standard: none
-- caveats: Days of notice (as in notice_days) against the promise that is known to have held on the day of
--   announcement (`that_day`), and against the one read last, whenever it was made (`last_read`). Promises are read by
--   hand; where nobody says since when one holds, it is known from the day on which it was read. Ends to come count as
--   they now stand. A promise for finished models is held against previews too, so the share is a low one for makers
--   who promise previews less.
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
    coalesce(n.exclusion_reason, case when p.promised_days is null then 'for which no promise is known' end)
        as exclusion_reason
from metrics.model_notices as n
join metrics.notice_promises as p on p.notice_id = n.notice_id
