-- question: How long did each item take, or how long has it been waiting so far?
-- grain: subject, item_id, segment
-- unit: hours
-- caveats: Subjects are `response` (from a thread to its first reply by the segment, or by anyone for the segments of
--   askers and questions), `first` (until anything comes first, by `cause`), `resolution` (until closed for good, by
--   `cause`), `recovery` (until an incident is over), `release` (from a release to the next), `lifetime` (until its
--   maker ends a model) and `change` (from an outsider's change to its merge or closing: all of them, each author's
--   `first` in the family's own repositories, and those from after the first visit, whose authors' roles are of that
--   time). By the rule `bots:lenient` bots are only those marked by the platform, by name or list, or classified by
--   hand; bots recognised by behaviour alone, and all AI agents, are people. By `bots:strict` agents are not people, nor
--   is any account that answered at least ten threads, half of them within a minute of their opening, unless its role
--   was assigned by hand. Items that have not ended are censored when they were last seen, incidents that nobody ended at
--   their last post. A reply that is held ends a wait, whatever else is missing. If replies are missing, and none that
--   ends the wait is held, or none that surely was the first, the item `is_unseen`: it began, and ended no later than
--   its row says, if ever. Such items are kept out of the curves and widen their bounds. Also kept out, with an
--   `exclusion_reason`, are negative durations, threads whose closing was not read (for `first` and `resolution`), and
--   threads older than the completely read period. Threads opened by bots or that name no single family are absent.
with event_waits as (
    select
        'recovery' as subject, i.channel_id || '#' || i.incident_id as item_id, i.family_id, 'status' as channel_kind,
        'status' as channel_role, true as is_pooled, true as is_apart, s.segment, i.age_days, i.started_at as from_at,
        coalesce(i.ongoing_until_at, i.observed_until_at) as observed_until_at, i.ended_at as until_at,
        cast(null as varchar) as cause, cast(null as varchar) as reason
    from metrics.incident_windows as i
    join (values ('all'), ('api')) as s (segment) on s.segment = 'all' or i.is_api
    where i.is_disturbance and i.is_start_known and (i.ended_at is not null or i.ongoing_until_at is not null)
    union all
    select
        'release', g.release_id, g.family_id, g.channel_kind, g.channel_role, false, true, g.segment, g.age_days,
        g.released_at, g.observed_until_at, g.next_released_at, null, null
    from metrics.release_gaps as g
    union all
    select
        'lifetime', l.item_id, l.family_id, l.channel_kind, l.channel_role, true, true, 'all', l.age_days,
        cast(l.launched_on as timestamp), cast(l.observed_until_on as timestamp), cast(l.ended_on as timestamp), null,
        l.exclusion_reason
    from metrics.model_lifetimes as l
),

requests as (
    select *, case when is_before_reach then 'before reach' end as reason
    from metrics.thread_responses
    where family_id is not null and author_role <> 'bot'
),

segments as (
    select thread_id, true as is_apart, unnest(['anyone', 'staff', 'maintainer', 'outsider', 'agent',
        'with_me_too']) as segment from requests
    union all
    select thread_id, true, segment from metrics.thread_askers
    union all
    select thread_id, false, segment from metrics.thread_segments where segment <> 'all'
    union all
    select thread_id, false, unnest(['bots:strict', 'bots:lenient']) from requests
),

visits as (
    select channel_id, max(coalesce(as_of_at, last_run_at)) as as_of_at, max(reach_at) as reach_at,
        min(first_run_at) as roles_known_from_at
    from metrics.visits
    where thing = 'pulls'
    group by channel_id
),

changes as (
    select
        c.change_id, c.family_id, c.channel_role, c.author_role, c.opened_at, c.closed_at, c.merged_at, v.reach_at,
        coalesce(v.as_of_at, c.seen_at) as as_of_at, v.roles_known_from_at,
        row_number() over (partition by c.family_id, c.actor_id order by c.opened_at nulls last, c.change_id) as place,
        c.actor_id, coalesce(v.reach_at, min(c.opened_at) over (partition by c.channel_id)) as read_from_at
    from staging.changes as c
    left join visits as v on v.channel_id = c.channel_id
    where c.family_id is not null
),

change_waits as (
    select
        'change' as subject, c.change_id as item_id, c.family_id, 'tracker' as channel_kind, c.channel_role,
        true as is_pooled, true as is_apart,
        s.segment, date_diff('microsecond', c.opened_at, c.as_of_at) / 86400e6 as age_days, c.opened_at as from_at,
        c.as_of_at as observed_until_at, coalesce(c.merged_at, c.closed_at) as until_at,
        case when c.merged_at is not null then 'merged' when c.closed_at is not null then 'closed' end as cause,
        case
            when c.opened_at < c.reach_at then 'older than the completely read period'
            when s.segment = 'first'
                and date_diff('microsecond', c.read_from_at, c.opened_at) / 86400e6 < r.min_history_days
                then 'of authors first seen in the first year that was read'
        end as reason
    from changes as c
    cross join metrics.rules as r
    join (values ('all'), ('first'), ('since_visit')) as s (segment)
        on s.segment = 'all' or (s.segment = 'first' and c.place = 1 and c.actor_id is not null)
        or (s.segment = 'since_visit' and coalesce(c.opened_at >= c.roles_known_from_at, true))
    where c.author_role = 'outsider'
),

turns as (
    select
        u.thread_id, u.replied_at,
        u.turn_role <> 'asker' and not u.is_me_too
            and (u.turn_role <> 'bot' or coalesce(d.author_role <> 'bot' and a.settled_role is null, false))
            as is_lenient,
        u.is_answer and not coalesce(a.settled_role is null and a.is_often_prompt, false) as is_strict
    from metrics.thread_turns as u
    join staging.replies as r on r.reply_id = u.reply_id
    join staging.threads as t on t.thread_id = u.thread_id
    left join staging.reply_rows as d on d.channel_id || '/' || d.reply_code = r.reply_id
    left join staging.account_roles as a on a.source = t.source and a.actor_id = r.actor_id
),

bot_rule_answers as (
    select
        thread_id, min(replied_at) filter (where is_lenient) as lenient_at,
        min(replied_at) filter (where is_strict) as strict_at
    from turns
    group by thread_id
),

waits as (
    select
        'response' as subject, t.thread_id as item_id, t.family_id, t.channel_kind, t.channel_role,
        t.is_own as is_pooled, s.is_apart, s.segment, t.age_days, t.opened_at as from_at, t.observed_until_at,
        case s.segment when 'staff' then t.first_staff_at
            when 'maintainer' then t.first_maintainer_at
            when 'outsider' then t.first_outsider_at
            when 'agent' then t.first_agent_at
            when 'with_me_too' then t.first_person_at
            when 'bots:strict' then b.strict_at
            when 'bots:lenient' then b.lenient_at else t.first_anyone_at end as until_at,
        cast(null as varchar) as cause, t.reason, t.known_until_at
    from requests as t
    join segments as s on s.thread_id = t.thread_id and (s.is_apart or t.is_own)
    left join bot_rule_answers as b on b.thread_id = t.thread_id
    union all
    select
        'first', t.thread_id, t.family_id, t.channel_kind, t.channel_role, t.is_own, true, 'all', t.age_days,
        t.opened_at, t.observed_until_at, e.first_at, e.first_cause, coalesce(t.reason, e.exclusion_reason),
        t.known_until_at
    from requests as t join metrics.thread_ends as e on e.thread_id = t.thread_id
    union all
    select
        'resolution', t.thread_id, t.family_id, t.channel_kind, t.channel_role, t.is_own, true, 'all', t.age_days,
        t.opened_at, t.observed_until_at, e.ended_at, e.end_cause, coalesce(t.reason, e.exclusion_reason), null
    from requests as t join metrics.thread_ends as e on e.thread_id = t.thread_id
    where t.channel_kind = 'tracker'
    union all
    select *, null from event_waits
    union all
    select *, null from change_waits
),

timed as (
    select
        *, coalesce(until_at, observed_until_at) as last_at, until_at is not null as is_event,
        reason is null and known_until_at is not null and coalesce(until_at > known_until_at, true) as is_unseen
    from waits
)

select
    subject, item_id, family_id, channel_kind, channel_role, is_pooled, is_apart, segment, cause, age_days,
    date_diff('microsecond', from_at, last_at) / 3600e6 as duration_hours, is_event,
    date_diff('microsecond', from_at, observed_until_at) / 3600e6 as watched_hours,
    coalesce(reason, case when last_at < from_at then 'negative' when is_unseen then 'not seen' end)
        as exclusion_reason,
    last_at < from_at or reason is not null or is_unseen as is_excluded,
    is_unseen and last_at >= from_at as is_unseen
from timed
