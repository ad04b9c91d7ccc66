-- question: How many disturbances began, in how many observed days?
-- grain: family_id, segment, window
-- unit: incidents
-- standard: none
-- caveats: Days are added over the status pages of a family, within the window and as far back as each page shows. Segment `api`: touches
--   the components that are compared; one that names no component may touch them and is counted. Segment `third-party`: those of `api`
--   that are another firm's fault by the page's own words.
-- version: 1
with pages as (
    select
        p.channel_id, p.family_id, s.segment, w."window",
        least(w.window_days, date_diff('microsecond', p.observed_from_at, p.observed_until_at) / 86400e6) as observed_days
    from staging.status_pages as p
    cross join (values ('all'), ('api'), ('third-party')) as s (segment)
    cross join (select distinct "window", window_days from metrics.scopes) as w
    where p.observed_from_at < p.observed_until_at
),

counted as (
    select
        p.family_id, p.segment, p."window", p.channel_id,
        max(p.observed_days) as observed_days,
        count(i.incident_id) as incidents_count
    from pages as p
    left join metrics.incident_windows as i
        on i.channel_id = p.channel_id and i.is_disturbance and i.age_days between 0 and p.observed_days
            and (p.segment = 'all' or i.is_api) and (p.segment <> 'third-party' or i.kind = 'third-party')
    group by all
)

select family_id, segment, "window", sum(observed_days) as observed_days, cast(sum(incidents_count) as bigint) as incidents_count
from counted
group by all
