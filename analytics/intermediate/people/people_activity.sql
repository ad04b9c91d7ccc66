-- question: From when to when, and how often, was each person active?
-- grain: person_id, activity
-- unit: none
-- standard: none
-- caveats: For each activity separately and for all together (`all`), in the channels of one source that concern one
--   family. People count where they were first seen. Activity first seen in the first 365 days of the history may not
--   be the person's first (`is_known_first` is false), because earlier activity is unknown. `returned_at` is the first
--   activity at least 30 days after the first: a personal month, so that the end of a calendar month is no return. The
--   gap is the median number of days between active days; empty with fewer than two.
-- by: family
-- version: 1
with parts as (
    select person_id, activity as part, activity, event_id, done_at, as_of_at from metrics.people_events
    union all
    select person_id, 'all', activity, event_id, done_at, as_of_at from metrics.people_events
),

ordered as (
    select
        *,
        row_number() over (partition by person_id, part order by done_at nulls last, event_id nulls last, activity)
            as place,
        first_value(done_at)
            over (partition by person_id, part order by done_at nulls last, event_id nulls last, activity) as first_at,
        lag(cast(done_at as date))
            over (partition by person_id, part order by done_at nulls last, event_id nulls last, activity)
            as last_active_on
    from parts
),

spans as (
    select
        person_id, part, max(activity) filter (where place = 1) as first_activity,
        max(event_id) filter (where place = 1) as first_event_id,
        min(done_at) as first_at, max(done_at) as last_at, max(as_of_at) as as_of_at,
        min(done_at) filter (where date_diff('microsecond', first_at, done_at) / 86400e6 >= 30) as returned_at
    from ordered
    group by person_id, part
),

gaps as (
    select person_id, part, date_diff('day', last_active_on, cast(done_at as date)) as days
    from ordered
    -- In this order another day is a later one.
    where last_active_on <> cast(done_at as date)
),

placed as (
    select
        *, row_number() over (partition by person_id, part order by days) as place,
        count(*) over (partition by person_id, part) as gaps
    from gaps
),

medians as (
    select person_id, part, avg(days) as gap_days
    from placed
    where place between gaps / 2.0 and gaps / 2.0 + 1
    group by person_id, part
)

select
    s.person_id, s.part as activity, e.family_id, e.source, e.channel_kind, e.channel_role, e.is_pooled,
    s.first_activity, e.url, s.first_at, s.last_at, s.returned_at, m.gap_days, s.as_of_at,
    date_diff('microsecond', s.first_at, s.as_of_at) / 86400e6 as age_days,
    coalesce(date_diff('microsecond', e.read_from_at, e.done_at) / 86400e6 >= r.min_history_days, false)
        as is_known_first
from spans as s
cross join metrics.rules as r
join metrics.people_events as e on e.event_id = s.first_event_id and e.activity = s.first_activity
left join medians as m on m.person_id = s.person_id and m.part = s.part
