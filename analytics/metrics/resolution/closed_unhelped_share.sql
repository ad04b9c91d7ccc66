-- question: How many threads are closed by a bot or as unwanted without an answer, and how do closing and helping
--   differ?
-- title: closed without help
-- titles: bot_closed_unanswered = closed by a bot or as unwanted, unanswered; closed = closed within 30 days;
--   helped = helped within 30 days, of all threads
-- unit: share
-- better: low
-- caveats: `bot_closed_unanswered` is a share of closed threads: those closed by a bot, or closed by somebody other
--   than the asker as stale, outdated, not planned or a duplicate, with no reply by a person other than the asker. A
--   thread that a person answered is none of these. Of others it was not seen where replies are missing, or where
--   neither who closed it nor why is known: an unknown closing is no other kind of closing. Its window is that of the
--   closing (of the opening if the source does not say when): of young threads only what is closed quickly is
--   closed, and stale ones are closed late. `closed` and `helped` are
--   shares of threads observed for 30 days: closed at the end of the thirtieth day, and helped by then (see
--   helped_share for what was not seen).
-- version: 5
-- proof: analytics/metrics/test_help.py::test_helped_is_not_closed,
--   analytics/metrics/test_help.py::test_a_thread_that_a_bot_closes_unanswered_was_not_helped,
--   analytics/metrics/test_help.py::test_what_counts_as_closed_by_a_bot_or_as_not_wanted,
--   analytics/metrics/contributions/test_slow_endings.py::test_what_ends_slowly_has_its_share_in_every_window
-- shape: share
-- covers: threads
-- segments: all
-- statistics: bot_closed_unanswered, closed, helped
-- features: helped
-- readings: helped = helped=any
with closings as (
    select
        t.*, t.first_anyone_at is null as is_unanswered,
        coalesce(round(t.age_days - date_diff('microsecond', t.opened_at, t.closed_at) / 86400e6, 9), t.age_days)
            as closed_days,
        coalesce(t.closed_by_role = 'bot', false)
            or coalesce(lower(t.close_reason) in ('not_planned', 'duplicate', 'stale', 'outdated'), false)
                and t.closed_by_role is distinct from 'asker' as is_dismissed,
        t.closed_by_role is null and (t.close_reason is null or not coalesce(t.has_all_fields, true))
            as is_closing_unknown
    from staging.threads as t
    where t.family_id is not null and t.author_role <> 'bot' and t.state = 'closed'
)

select
    t.thread_id as item_id, t.url, t.family_id, t.channel_kind, t.channel_role, t.is_own as is_pooled, g.segment,
    'bot_closed_unanswered' as statistic, t.closed_days as age_days, t.is_unanswered and t.is_dismissed as is_yes,
    t.is_unanswered and (t.is_closing_unknown or t.is_dismissed and not t.has_all_replies) as is_unseen,
    case when t.is_before_reach then 'older than the completely read period' end as exclusion_reason
from closings as t
join metrics.thread_segments as g on g.thread_id = t.thread_id and g.segment not like 'language:%'
union all
select
    h.thread_id, h.url, h.family_id, h.channel_kind, h.channel_role, h.is_own, g.segment, c.statistic, h.age_days,
    case c.statistic when 'closed' then h.is_closed_30d else h.is_helped_30d end,
    case c.statistic when 'closed' then h.is_closed_30d else h.is_helped_30d end is null,
    coalesce(h.help_exclusion, case when not h.is_watched_30d then 'observed for less than 30 days' end)
from staging.threads as h
join metrics.thread_segments as g on g.thread_id = h.thread_id and g.segment not like 'language:%'
cross join (values ('closed'), ('helped')) as c (statistic)
where h.family_id is not null and h.author_role <> 'bot'
