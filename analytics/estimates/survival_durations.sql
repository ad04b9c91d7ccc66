-- question: How long did each item take, or how long has it been waiting so far?
-- grain: subject, item_id, segment
-- unit: hours
-- standard: none
-- caveats: Subjects are `response` (from a thread to its first reply by the segment, or by anyone for the segments of
--   askers, questions and weeks; for `bots:`, by anyone whom that rule of bot_rule_answers takes for a person),
--   `dialogue` (from the asker's next question to its answer), `first` (until anything comes first, by `cause`),
--   `resolution` (until closed for good, by `cause`), `recovery` (until an incident is over), `release` (from a release
--   to the next), `lifetime` (until its maker ends a model), `help` (until the asker is known to be helped) and those
--   of people_waits. Items that have not ended are censored when they were last seen. Kept with an
--   `exclusion_reason`, and in no figure, are negative durations, threads whose replies or (for `first` and
--   `resolution`) closings were not all collected, and threads older than the completely read period: dropping only the
--   unanswered ones would select by the outcome. Threads opened by bots or that name no single family are absent.
-- version: 5
with requests as (
    select *, case when is_before_reach then 'before reach' when not has_all_replies then 'not seen' end as reason
    from metrics.thread_responses
    where family_id is not null and author_role <> 'bot'
),

reported as (
    select distinct thread_id
    from (select thread_id, lower(unnest(label_names)) as label from staging.threads) as l
    where label like 'bug%' or label like '%: bug' or label like '%:bug' or label like '%/bug'
),

waits as (
    select
        'response' as subject, t.thread_id as item_id, t.family_id, t.channel_kind, t.channel_role,
        t.is_own as is_pooled, true as is_apart, s.segment, t.age_days, t.opened_at as from_at, t.observed_until_at,
        case s.segment when 'anyone' then t.first_anyone_at
            when 'staff' then t.first_staff_at
            when 'maintainer' then t.first_maintainer_at
            when 'outsider' then t.first_outsider_at
            when 'agent' then t.first_agent_at else least(t.first_anyone_at, t.first_agent_at, t.first_bot_at)
        end as until_at,
        cast(null as varchar) as cause, t.reason
    from requests as t
    cross join (values ('anyone'), ('staff'), ('maintainer'), ('outsider'), ('agent'), ('anything')) as s (segment)
    union all
    select
        'response', t.thread_id, t.family_id, t.channel_kind, t.channel_role, t.is_own, s.is_apart, s.segment,
        t.age_days, t.opened_at, t.observed_until_at,
        case s.segment when 'bots:strict' then b.strict_at when 'bots:lenient' then b.lenient_at
            else t.first_anyone_at end, null, t.reason
    from requests as t
    join metrics.survival_segments as s on s.thread_id = t.thread_id and (s.is_apart or t.is_own)
    left join metrics.bot_rule_answers as b on b.thread_id = t.thread_id
    union all
    select
        'dialogue', t.thread_id, t.family_id, t.channel_kind, t.channel_role, t.is_own, true, 'all', t.age_days,
        d.follow_up_at, t.observed_until_at, d.followed_at, null, t.reason
    from requests as t join metrics.thread_dialogues as d on d.thread_id = t.thread_id
    union all
    select
        'first', t.thread_id, t.family_id, t.channel_kind, t.channel_role, t.is_own, true, 'all', t.age_days,
        t.opened_at, t.observed_until_at, e.first_at, e.first_cause, coalesce(t.reason, e.exclusion_reason)
    from requests as t join metrics.thread_ends as e on e.thread_id = t.thread_id
    union all
    select
        'resolution', t.thread_id, t.family_id, t.channel_kind, t.channel_role, t.is_own, true, s.segment, t.age_days,
        t.opened_at, t.observed_until_at, e.ended_at, e.end_cause,
        coalesce(nullif(t.reason, 'not seen'), e.exclusion_reason)
    from requests as t join metrics.thread_ends as e on e.thread_id = t.thread_id
    left join reported as b on b.thread_id = t.thread_id
    join (values ('all'), ('bug')) as s (segment) on s.segment = 'all' or b.thread_id is not null
    where t.channel_kind = 'tracker'
    union all
    select 'help', w.thread_id, w.family_id, w.channel_kind, w.channel_role, w.is_pooled, true, w.segment, w.age_days,
        w.opened_at, w.observed_until_at, w.helped_at, null, w.exclusion_reason
    from metrics.help_waits as w
    union all
    select
        'recovery', i.channel_id || '#' || i.incident_id, i.family_id, 'status', 'status', true, true, s.segment,
        i.age_days, i.started_at, i.observed_until_at, i.ended_at, null, null
    from metrics.incident_windows as i
    join (values ('all'), ('api')) as s (segment) on s.segment = 'all' or i.is_api
    where i.is_disturbance and i.is_start_known and (i.ended_at is not null or i.is_open)
    union all
    select
        'release', g.release_id, g.family_id, g.channel_kind, g.channel_role, false, true, g.segment, g.age_days,
        g.released_at, g.observed_until_at, g.next_released_at, null, null
    from metrics.release_gaps as g
    union all
    select
        'lifetime', l.item_id, l.family_id, l.channel_kind, l.channel_role, true, true, 'all', l.age_days,
        cast(l.launched_on as timestamp),
        cast(l.observed_until_on as timestamp), cast(l.ended_on as timestamp), null, l.exclusion_reason
    from metrics.model_lifetimes as l
    union all
    select * from metrics.people_waits
)

select
    subject, item_id, family_id, channel_kind, channel_role, is_pooled, is_apart, segment, cause, age_days,
    date_diff('microsecond', from_at, coalesce(until_at, observed_until_at)) / 3600e6 as duration_hours,
    until_at is not null as is_event,
    coalesce(reason, case when coalesce(until_at, observed_until_at) < from_at then 'negative' end) as exclusion_reason,
    coalesce(until_at, observed_until_at) < from_at or reason is not null as is_excluded
from waits
