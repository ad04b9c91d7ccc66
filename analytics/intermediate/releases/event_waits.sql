-- question: How long do incidents and models last, and how long is it from one release to the next?
-- grain: subject, item_id, segment
-- caveats: Rows for survival_durations, of the subjects `recovery`, `release` and `lifetime`. An incident that nobody
--   ended was observed until its last post. Incidents whose beginning is not known are absent, and so are those without
--   an end of which no later post says that they went on.
-- by: family
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
