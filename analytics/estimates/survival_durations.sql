-- question: How long did each item take, or how long has it been waiting so far?
-- grain: subject, item_id, segment
-- unit: hours
-- standard: none
-- caveats: Subjects are `response` (from a thread to its first reply by the segment, or by anyone for the segments of
--   askers and questions; for `bots:`, by anyone whom that rule of bot_rule_answers takes for a person), `first` (until
--   anything comes first, by `cause`), `resolution` (until closed for good, by `cause`), `recovery` (until an incident
--   is over), `release` (from a release to the next), `lifetime` (until its maker ends a model) and `change` (see
--   change_waits). Items that have not ended are censored when they were last seen, incidents that nobody ended at
--   their last post. A reply that is held ends a wait, whatever else is missing. If replies are missing, and none that
--   ends the wait is held, or none that surely was the first, the item `is_unseen`: it began, and ended no later than
--   its row says, if ever. Such items are kept out of the curves and widen their bounds. Also kept out, with an
--   `exclusion_reason`, are negative durations, threads whose closing was not read (for `first` and `resolution`), and
--   threads older than the completely read period. Threads opened by bots or that name no single family are absent.
-- by: family
-- version: 1
with requests as (
    select *, case when is_before_reach then 'before reach' end as reason
    from metrics.thread_responses
    where family_id is not null and author_role <> 'bot'
),

segments as (
    select thread_id, true as is_apart, unnest(['anyone', 'staff', 'maintainer', 'outsider', 'agent',
        'with_me_too']) as segment from requests
    union all
    select thread_id, is_apart, segment from metrics.survival_segments
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
    left join metrics.bot_rule_answers as b on b.thread_id = t.thread_id
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
    select *, null from metrics.event_waits
    union all
    select *, null from metrics.change_waits
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
