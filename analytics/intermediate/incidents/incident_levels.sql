-- question: Under which levels of severity does each incident count against the uptime, from when to when?
-- grain: channel_id, incident_id, segment, level
-- unit: hours
-- caveats: Hours since the page's oldest observed instant. A disturbance that its page grades as a note counts as a
--   degradation. An incident of unknown severity (`is_ungraded`) is a degradation for sure, and an uncertain outage;
--   one without a stated end lasts until the first visit that no longer found it ongoing, else until the last visit,
--   and is uncertain. One that names no component may affect the API: it is an uncertain one of segment `api`.
--   Incidents without a known start are missing, and so is one that is over and with which the observed period begins.
with levels as (
    select *
    from (values ('any', 1), ('partial', 2), ('outage', 3), ('suspension', null), ('any or suspension', 1))
        as l (level, from_severity)
)

select
    i.channel_id, i.family_id, i.incident_id, s.segment, l.level,
    i.is_end_unknown or (s.segment = 'api' and not i.is_api)
        or (i.is_disturbance and i.severity is null and l.from_severity > 1) as is_unsure,
    i.is_disturbance and i.severity is null as is_ungraded,
    date_diff('microsecond', i.observed_from_at, i.started_at) / 3600e6 as from_hours,
    date_diff('microsecond', i.observed_from_at, coalesce(i.ended_at, i.ended_before_at, i.observed_until_at)) / 3600e6
        as until_hours,
    date_diff('microsecond', coalesce(i.ended_at, i.ended_before_at, i.observed_until_at), i.observed_until_at)
        / 86400e6 as ended_days
from metrics.incident_windows as i
join (values ('all'), ('api')) as s (segment) on s.segment = 'all' or i.is_api or i.is_unattributed
join levels as l
    on (i.is_disturbance and l.from_severity <= greatest(1, coalesce(i.severity, 3)))
        or (i.kind = 'suspension' and l.level in ('suspension', 'any or suspension'))
where i.is_start_known and not coalesce(i.posted_at = i.observed_from_at and i.ended_at is not null, false)
