-- question: How long did each thing take, or how long has it been waited for so far?
-- grain: subject, item_id, segment
-- unit: hours
-- standard: none
-- caveats: Subjects are `response` (a thread until its first reply by the segment), `recovery` (an incident until it is over) and
--   `release` (a release until the next). What has not ended is censored at the last good look at it. A negative duration (clocks that
--   disagree, posts dated back), any thread whose replies were not all collected, and any that is older than what was read whole, is kept
--   with its `exclusion_reason` and enters no figure: to leave out only those among them that seem unanswered would choose by the outcome and
--   flatter, and of the oldest only those came to us to which something happened later. Threads that bots opened, and those that name no
--   single family, are not in here.
-- version: 2
with waits as (
    select
        'response' as subject, t.thread_id as item_id, t.family_id, t.channel_kind, t.channel_role, t.is_own as is_pooled,
        s.segment, t.age_days, t.opened_at as from_at, t.observed_until_at,
        case s.segment
            when 'anyone' then t.first_anyone_at
            when 'staff' then t.first_staff_at
            when 'maintainer' then t.first_maintainer_at
            when 'outsider' then t.first_outsider_at
            else t.first_agent_at
        end as until_at,
        case when t.is_before_reach then 'before reach' when not t.has_all_replies then 'not seen' end as reason
    from metrics.thread_responses as t
    cross join (values ('anyone'), ('staff'), ('maintainer'), ('outsider'), ('agent')) as s (segment)
    where t.family_id is not null and t.author_role <> 'bot'
    union all
    select
        'help', w.thread_id, w.family_id, w.channel_kind, w.channel_role, w.is_pooled, w.segment, w.age_days, w.opened_at, w.observed_until_at,
        w.helped_at, w.exclusion_reason
    from metrics.help_waits as w
    union all
    select
        'recovery', i.channel_id || '#' || i.incident_id, i.family_id, 'status', 'status', true, s.segment, i.age_days, i.started_at,
        i.observed_until_at, i.ended_at, null
    from metrics.incident_windows as i
    join (values ('all'), ('api')) as s (segment) on s.segment = 'all' or i.is_api
    where i.is_disturbance and i.is_start_known and (i.ended_at is not null or i.is_open)
    union all
    select
        'release', g.release_id, g.family_id, g.channel_kind, g.channel_role, false, g.segment, g.age_days, g.released_at,
        g.observed_until_at, g.next_released_at, null
    from metrics.release_gaps as g
)

select
    subject, item_id, family_id, channel_kind, channel_role, is_pooled, segment, age_days,
    date_diff('microsecond', from_at, coalesce(until_at, observed_until_at)) / 3600e6 as duration_hours,
    until_at is not null as is_event,
    coalesce(reason, case when coalesce(until_at, observed_until_at) < from_at then 'negative' end) as exclusion_reason,
    coalesce(until_at, observed_until_at) < from_at or reason is not null as is_excluded
from waits
