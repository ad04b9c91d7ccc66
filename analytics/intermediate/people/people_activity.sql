-- question: When was each person first active in each way?
-- grain: person_id, activity
-- published: yes
-- caveats: In the channels of one source that concern one family. People count if they were first seen. Activity
--   first seen in the first 365 days of the history may not be the person's first (`is_known_first` is false), because
--   earlier activity is unknown.
select
    person_id, activity, family_id, channel_kind, channel_role, is_pooled, url, done_at as first_at,
    date_diff('microsecond', done_at, max(clock_at) over (partition by person_id, activity)) / 86400e6 as age_days,
    coalesce(date_diff('microsecond', read_from_at, done_at) / 86400e6 >= r.min_history_days, false)
        as is_known_first
from metrics.people_events
cross join metrics.rules as r
qualify row_number() over (partition by person_id, activity order by done_at, event_id) = 1
