-- question: How long was each component of each status page down on each day?
-- grain: channel_id, component_id, day_on
-- unit: seconds
-- standard: none
-- caveats: Counted by the page's monitors, not posted by its owner as incidents: the two need not agree. A day that was
--   still running when last read is left out, and so is one without monitoring: neither is a day without downtime. Days
--   are those of the page's time zone. Announced maintenance is counted separately.
-- version: 1
with patterns as (
    select channel_id, replace(ltrim(lower(pattern), '!'), '*', '%') as form, pattern like '!%' as is_beside
    from (select channel_id, unnest(components) as pattern from raw.catalog__channels where source = 'status') as listed
),

-- Patterns name either the parts that count or, with an exclamation mark, the names of those that do not.
touching as (
    select d.channel_id, d.component_id
    from staging.status__days as d
    join patterns as p on p.channel_id = d.channel_id
    group by d.channel_id, d.component_id
    having bool_or(lower(d.component_name) like p.form or (not p.is_beside and lower(d.component_id) like p.form))
        <> bool_or(p.is_beside)
)

select
    d.channel_id, c.family_id, d.component_id, d.component_name, d.day_on, d.downtime_seconds, d.maintenance_seconds,
    d.time_zone, cardinality(c.components) = 0 or t.component_id is not null as is_api,
    d.seen_at
from staging.status__days as d
join raw.catalog__channels as c on c.channel_id = d.channel_id
left join touching as t on t.channel_id = d.channel_id and t.component_id = d.component_id
-- Clocks of pages differ from UTC by up to 14 hours: only two days later is a day over everywhere.
where d.day_on < cast(d.seen_at as date) - 1 and d.downtime_seconds is not null and d.status_word is distinct
    from 'not_monitored'
