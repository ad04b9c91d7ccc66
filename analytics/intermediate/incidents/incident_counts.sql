-- question: How many disturbances began, and over how many observed days?
-- grain: family_id, segment, window
-- unit: incidents
-- caveats: Days are summed over the status pages of a family, within the window and as far back as each page goes. For
--   the segments see counted_incidents.
-- by: family
with pages as (
    select
        p.family_id, s.segment, w."window",
        sum(least(w.window_days, date_diff('microsecond', p.observed_from_at, p.observed_until_at) / 86400e6))
            as observed_days
    from staging.status_pages as p
    cross join (values ('all'), ('api'), ('unattributed'), ('own fault'), ('third-party')) as s (segment)
    join metrics.scopes as w on w.pools_roles
    where p.observed_from_at < p.observed_until_at
    group by all
),

counted as (
    select family_id, segment, "window", count(*) as incidents_count from metrics.counted_incidents group by all
)

select p.family_id, p.segment, p."window", p.observed_days, coalesce(c.incidents_count, 0) as incidents_count
from pages as p
left join counted as c on c.family_id = p.family_id and c.segment = p.segment and c."window" = p."window"
