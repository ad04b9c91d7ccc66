-- question: From which channels could each subject be measured for each family, and how did their collection go?
-- grain: subject, family_id, channel_kind, channel_role, channel_id, thing
-- published: yes
-- caveats: Only channels that are switched on. Channels shared by many families count for the family `_shared`.
--   The role `all` contains a family's own channels only. `as_of_at` is empty if no visit ever brought anything. The
--   shared list of prices counts for each family on it. Facts are read by hand, and are as old as the oldest reading.
with users as (
    select channel_id, family_id from staging.channels
    union
    select distinct channel_id, family_id from staging.listed_models where family_id is not null
),

visited as (
    select
        s.subject, s.channel_kind, s.thing, u.family_id, c.channel_id, c.role, c.target,
        case when k.as_of_at is not null or k.coverage_share > 0 then coalesce(k.as_of_at, k.last_run_at)
            end as as_of_at,
        case when k.as_of_at is null then coalesce(k.coverage_share, 0) else k.coverage_share end as coverage_share,
        k.last_fault
    from staging.channels as c
    join metrics.covered_subjects as s on s.kept_kind = c.channel_kind
        and (coalesce(cardinality(c.things), 0) = 0 or list_contains(c.things, s.thing))
    join users as u on u.channel_id = c.channel_id
    left join staging.collections as k on k.channel_id = c.channel_id and k.thing = s.thing
    where c.is_enabled
)

select subject, family_id, channel_kind, role as channel_role, channel_id, thing, target, as_of_at, coverage_share,
    last_fault
from visited
union all
select subject, family_id, channel_kind, 'all', channel_id, thing, target, as_of_at, coverage_share, last_fault
from visited
union all
select
    s.subject, f.family_id, s.channel_kind, 'all', f.family_id || '.facts', s.thing, 'facts read by hand',
    min(cast(f.as_of_on as timestamp)), 1.0, null
from staging.facts as f
join staging.families as m on m.family_id = f.family_id
join metrics.covered_subjects as s on s.kept_kind = 'facts' and s.thing = f.fact_kind
    and (s.subject <> 'licences' or m.side = 'proprietary')
group by all
