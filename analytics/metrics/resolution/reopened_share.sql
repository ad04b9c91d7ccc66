-- question: What share of closed reports is reopened within 30 days?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: reports reopened within 30 days
-- unit: share
-- better: low
-- standard: CHAOSS Issue Reopen Rate (draft)
-- caveats: From the first close to the first reopening. Threads that were closed less than 30 days before they were
--   last seen, or whose first close is unknown, are left out and counted. The window is that of the first close: of
--   young threads only those closed quickly are closed. Trackers only: not every forum states when a thread was closed.
-- version: 1
-- proof: analytics/metrics/test_resolution.py::test_what_is_opened_again_after_a_month_was_closed_well,
--   analytics/metrics/contributions/test_slow_endings.py::test_what_is_closed_slowly_is_among_what_may_be_reopened
-- shape: share
-- covers: issues
-- of: closed threads
-- segments: all
-- statistics: within_30d
select
    r.thread_id as item_id, r.url, r.family_id, r.channel_kind, r.channel_role, r.is_own as is_pooled,
    'all' as segment, 'within_30d' as statistic,
    coalesce(round(r.age_days - date_diff('microsecond', t.opened_at, t.first_closed_at) / 86400e6, 9), r.age_days)
        as age_days,
    coalesce(date_diff('microsecond', t.first_closed_at, t.reopened_at) / 3600e6 <= 720, false) as is_yes,
    case
        when r.is_before_reach then 'older than the completely read period'
        when not t.has_all_fields then 'whose closing was not read'
        when t.first_closed_at is null then 'whose first closing is unknown'
        when date_diff('microsecond', t.first_closed_at, t.observed_until_at) / 3600e6 < 720
            then 'closed less than 30 days ago'
    end as exclusion_reason
from metrics.thread_responses as r
join staging.threads as t on t.thread_id = r.thread_id
where r.channel_kind = 'tracker' and r.family_id is not null and r.author_role <> 'bot'
    and (t.closed_at is not null or t.first_closed_at is not null)
