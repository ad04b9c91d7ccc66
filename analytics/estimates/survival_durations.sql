-- question: How long did each item take, or how long has it been waiting so far?
-- grain: subject, item_id, segment
-- unit: hours
-- standard: none
-- caveats: Subjects are `response` (from a thread to its first reply by the segment, or by anyone for the segments of
--   askers, questions and weeks; for `bots:`, by anyone whom that rule of bot_rule_answers takes for a person),
--   `dialogue` (from the asker's next question to its answer), `first` (until anything comes first, by `cause`),
--   `resolution` (until closed for good, by `cause`), `recovery` (until an incident is over), `release` (from a release
--   to the next), `lifetime` (until its maker ends a model), `help` (until the asker is known to be helped) and those
--   of people_waits. Items that have not ended are censored when they were last seen. A reply that is held ends a wait,
--   whatever else is missing. If replies are missing, and none that ends the wait is held, or none that surely was the
--   first, the item `is_unseen`: it began, and ended no later than its row says, if ever. Such items are kept out of
--   the curves and widen their bounds. Also kept out, with an `exclusion_reason`, are negative durations, threads whose
--   closing was not read (for `first` and `resolution`), and threads older than the completely read period. Threads
--   opened by bots or that name no single family are absent.
-- by: family
-- version: 7
with waits as (
    select * from metrics.thread_waits
    union all
    select
        'recovery', i.channel_id || '#' || i.incident_id, i.family_id, 'status', 'status', true, true, s.segment,
        i.age_days, i.started_at, i.observed_until_at, i.ended_at, null, null, null
    from metrics.incident_windows as i
    join (values ('all'), ('api')) as s (segment) on s.segment = 'all' or i.is_api
    where i.is_disturbance and i.is_start_known and (i.ended_at is not null or i.is_open)
    union all
    select
        'release', g.release_id, g.family_id, g.channel_kind, g.channel_role, false, true, g.segment, g.age_days,
        g.released_at, g.observed_until_at, g.next_released_at, null, null, null
    from metrics.release_gaps as g
    union all
    select
        'lifetime', l.item_id, l.family_id, l.channel_kind, l.channel_role, true, true, 'all', l.age_days,
        cast(l.launched_on as timestamp),
        cast(l.observed_until_on as timestamp), cast(l.ended_on as timestamp), null, l.exclusion_reason, null
    from metrics.model_lifetimes as l
    union all
    select *, null from metrics.people_waits
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
