-- question: For how many hours did each status page report trouble?
-- grain: channel_id, segment, window, level
-- unit: hours
-- caveats: Overlapping incidents count once (union). `certain_hours` includes what is stated or still listed as
--   ongoing; `possible_hours` adds incidents without an end, as long as they may have lasted, and in segment `api`
--   those that name no component; of levels worse than a degradation also those of unknown severity, of which
--   `ungraded_count` are otherwise certain. Incidents posted when over, without stated times, cannot be bounded and
--   are only counted. If the observed part begins with an incident, hours count from its end: a clock that starts
--   at an event must not count it.
with clocks as (
    select channel_id, max(ended_at) as clock_from_at
    from metrics.incident_windows
    where posted_at = observed_from_at and ended_at is not null and (is_disturbance or kind = 'suspension')
    group by channel_id
),

pages as (
    select
        p.channel_id, p.family_id, s.segment, l.level, w."window",
        date_diff('microsecond', p.observed_from_at, p.observed_until_at) / 3600e6 as end_hours,
        greatest(
            0, coalesce(date_diff('microsecond', p.observed_from_at, c.clock_from_at) / 3600e6, 0),
            date_diff('microsecond', p.observed_from_at, p.visited_at) / 3600e6 - 24 * w.window_days
        ) as start_hours
    from staging.status_pages as p
    left join clocks as c on c.channel_id = p.channel_id
    cross join (values ('all'), ('api')) as s (segment)
    cross join (select distinct "window", window_days from metrics.scopes) as w
    cross join (values ('any'), ('partial'), ('outage'), ('suspension'), ('any or suspension')) as l (level)
    where start_hours < end_hours
),

cut as (
    select
        p.*, b.bound, s.incident_id, s.is_unsure, s.is_ungraded,
        greatest(s.from_hours, p.start_hours) as from_hours, least(s.until_hours, p.end_hours) as until_hours
    from pages as p
    cross join (values ('certain'), ('possible')) as b (bound)
    join metrics.incident_levels as s
        on s.channel_id = p.channel_id and s.segment = p.segment and s.level = p.level
        and s.until_hours > p.start_hours and s.from_hours < p.end_hours and (b.bound = 'possible' or not s.is_unsure)
),

added as (
    select
        *,
        greatest(0, until_hours - greatest(from_hours, coalesce(
            max(until_hours) over (
                partition by channel_id, segment, level, "window", bound
                order by from_hours nulls last, until_hours nulls last, incident_id nulls last
                rows between unbounded preceding and 1 preceding
            ), from_hours
        ))) as added_hours
    from cut
),

posted as (
    select
        channel_id, segment, "window", level,
        sum(added_hours) filter (where bound = 'certain') as certain_hours,
        sum(added_hours) filter (where bound = 'possible') as possible_hours,
        count(*) filter (where bound = 'possible') as incidents_count,
        count(*) filter (where bound = 'possible' and is_unsure) as unsure_count,
        count(*) filter (where bound = 'certain' and is_ungraded) as ungraded_count
    from added
    group by channel_id, segment, "window", level
)

select
    p.channel_id, p.family_id, p.segment, p."window", p.level, p.end_hours - p.start_hours as observed_hours,
    coalesce(s.certain_hours, 0) as certain_hours, coalesce(s.possible_hours, 0) as possible_hours,
    coalesce(s.incidents_count, 0) as incidents_count, coalesce(s.unsure_count, 0) as unsure_count,
    coalesce(s.ungraded_count, 0) as ungraded_count
from pages as p
left join posted as s on s.channel_id = p.channel_id and s.segment = p.segment and s."window" = p."window"
    and s.level = p.level
