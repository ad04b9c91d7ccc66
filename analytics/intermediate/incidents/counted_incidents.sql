-- question: Which disturbances began within the observed part of each window?
-- grain: channel_id, incident_id, segment, window
-- unit: incidents
-- caveats: Segment `api`: names a component that is compared. `unattributed`: names no component, on a page of which
--   only some are compared. If the observed part begins with an incident, that one is not counted: a clock that
--   starts at an event must not count it. `third-party`: those of `api` that the page attributes to another firm; `own
--   fault`: the others of `api`.
select i.channel_id, i.family_id, i.incident_id, i.url, i.kind, i.severity, s.segment, w."window", i.age_days
from metrics.incident_windows as i
join (values ('all'), ('api'), ('unattributed'), ('own fault'), ('third-party')) as s (segment)
    on case s.segment
        when 'all' then true
        when 'api' then i.is_api
        when 'unattributed' then i.is_unattributed
        else i.is_api and (s.segment = 'third-party') = (i.kind = 'third-party')
    end
join metrics.scopes as w on w.pools_roles and i.age_days <= w.window_days
join staging.status_pages as p on p.channel_id = i.channel_id and p.observed_from_at < p.observed_until_at
where i.is_disturbance and i.posted_at > p.observed_from_at and i.age_days between 0
    and date_diff('microsecond', p.observed_from_at, p.visited_at) / 86400e6
