-- question: How long did it take until an outsider's change was merged or closed?
-- grain: item_id, segment
-- unit: hours
-- stored: no
-- caveats: All of them, each author's `first` in the family's own repositories, and those from after the first visit,
--   whose authors' roles are of that time. Excluded are changes older than the completely read period, and as `first`
--   those of the first year that was read.
with changes as (
    select
        c.*, v.reach_at, v.clock_at, v.first_run_at as roles_known_from_at,
        row_number() over (partition by c.family_id, c.actor_id order by c.opened_at nulls last, c.change_id) as place,
        coalesce(v.reach_at, min(c.opened_at) over (partition by c.channel_id)) as read_from_at
    from staging.changes as c
    left join staging.visits as v on v.channel_id = c.channel_id and v.thing = 'pulls'
    where c.family_id is not null
),

waits as (
    select
        c.change_id as item_id, c.family_id, 'tracker' as channel_kind, c.channel_role, true as is_pooled,
        true as is_apart, s.segment, date_diff('microsecond', c.opened_at, c.clock_at) / 86400e6 as age_days,
        c.opened_at as from_at,
        c.clock_at as observed_until_at, coalesce(c.merged_at, c.closed_at) as until_at,
        case when c.merged_at is not null then 'merged' when c.closed_at is not null then 'closed' end as cause,
        case
            when c.opened_at < c.reach_at then 'older than the completely read period'
            when s.segment = 'first'
                and date_diff('microsecond', c.read_from_at, c.opened_at) / 86400e6 < r.min_history_days
                then 'of authors first seen in the first year that was read'
        end as reason, cast(null as timestamp) as known_until_at
    from changes as c
    cross join metrics.rules as r
    join (values ('all'), ('first'), ('since_visit')) as s (segment)
        on s.segment = 'all' or (s.segment = 'first' and c.place = 1 and c.actor_id is not null)
        or (s.segment = 'since_visit' and coalesce(c.opened_at >= c.roles_known_from_at, true))
    where c.author_role = 'outsider'
),

{{timed}}
