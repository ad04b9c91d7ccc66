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
    select *, activity as part from metrics.people_events
    union all
    select *, 'all' from metrics.people_events
),

ordered as (
    select
        *,
        row_number() over (partition by person_id, part order by done_at nulls last, event_id nulls last, activity)
            as place,
        min(done_at) over (partition by person_id, part) as first_at,
        lag(cast(done_at as date))
            over (partition by person_id, part order by done_at nulls last, event_id nulls last, activity)
            as last_active_on
    from parts
)

select
    person_id, part as activity,
    max(family_id) as family_id, max(source) as source,
    max(channel_kind) filter (where place = 1) as channel_kind,
    max(channel_role) filter (where place = 1) as channel_role,
    bool_or(is_pooled) filter (where place = 1) as is_pooled, max(activity) filter (where place = 1) as first_activity,
    max(url) filter (where place = 1) as url,
    min(done_at) as first_at, max(done_at) as last_at,
    min(done_at) filter (where date_diff('microsecond', first_at, done_at) / 86400e6 >= 30) as returned_at,
    median(date_diff('day', last_active_on,
        cast(done_at as date))) filter (where last_active_on < cast(done_at as date)) as gap_days,
    max(as_of_at) as as_of_at,
    date_diff('microsecond', min(done_at), max(as_of_at)) / 86400e6 as age_days,
    coalesce(max(date_diff('microsecond', read_from_at, done_at)) filter (where place = 1) / 86400e6
        >= max(r.min_history_days), false) as is_known_first
from ordered
cross join metrics.rules as r
group by person_id, part
