-- question: Which reports of trackers are open, and when were the others closed for good?
-- grain: thread_id
-- unit: days
-- standard: none
-- caveats: Trackers only, without reports by bots and those older than the completely read period. `closed_days` is how
--   long before the last good visit a report was closed, and empty for an open one; `read_days` is how far back the
--   channel was read.
-- by: family
-- version: 1
select
    r.thread_id, r.family_id, r.channel_kind, r.channel_role, r.is_own, r.state = 'open' as is_open,
    case when r.state <> 'open' then r.age_days - date_diff('microsecond', r.opened_at, t.closed_at) / 86400e6
        end as closed_days,
    coalesce(date_diff('microsecond', v.reach_at, v.as_of_at) / 86400e6, 1000000) as read_days
from metrics.thread_responses as r
join staging.threads as t on t.thread_id = r.thread_id
left join metrics.thread_visits as v on v.channel_id = t.channel_id and v.thing = t.thing
where r.channel_kind = 'tracker' and r.family_id is not null and r.author_role <> 'bot' and not r.is_before_reach
