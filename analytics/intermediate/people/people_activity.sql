-- question: When was each person first active in each way?
-- grain: person_id, activity
-- published: yes
-- caveats: In the channels of one source that concern one family. People count if they were first seen. Activity
--   first seen in the first 365 days of the history may not be the person's first (`is_known_first` is false), because
--   earlier activity is unknown.
with firsts as (
    select
        *, row_number() over (partition by person_id, activity order by done_at nulls last, event_id nulls last)
            as place,
        max(as_of_at) over (partition by person_id, activity) as last_visit_at
    from metrics.people_events
)

select
    f.person_id, f.activity, f.family_id, f.channel_kind, f.channel_role, f.is_pooled, f.url,
    f.done_at as first_at,
    date_diff('microsecond', f.done_at, f.last_visit_at) / 86400e6 as age_days,
    coalesce(date_diff('microsecond', f.read_from_at, f.done_at) / 86400e6 >= r.min_history_days, false)
        as is_known_first
from firsts as f
cross join metrics.rules as r
where f.place = 1
