-- question: How many days before the last good visit was each change proposed and closed?
-- grain: change_id, segment
-- unit: days
-- caveats: `people` leaves out changes proposed by bots and agents. `read_days` says how far back the channel was read.
-- by: family
with visits as (
    select channel_id, max(coalesce(as_of_at, last_run_at)) as as_of_at, max(reach_at) as reach_at
    from metrics.change_visits
    where thing = 'pulls'
    group by channel_id
)

select
    c.change_id, g.segment, c.family_id, c.channel_role,
    date_diff('microsecond', c.opened_at, coalesce(v.as_of_at, c.seen_at)) / 86400e6 as opened_days,
    date_diff('microsecond', c.closed_at, coalesce(v.as_of_at, c.seen_at)) / 86400e6 as closed_days,
    coalesce(date_diff('microsecond', v.reach_at, v.as_of_at) / 86400e6, 1000000) as read_days
from staging.changes as c
join (values ('all'), ('people')) as g (segment) on g.segment = 'all' or c.author_role not in ('bot', 'agent')
left join visits as v on v.channel_id = c.channel_id
where c.family_id is not null
