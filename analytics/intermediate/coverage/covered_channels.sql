-- question: From which channels could each subject be measured for each family?
-- grain: subject, family_id, channel_kind, channel_role, channel_id, thing
-- published: yes
-- caveats: Only channels that are switched on. Channels shared by many families count for the family `_shared`.
--   The role `all` contains a family's own channels only. The shared list of prices counts for each family on it.
--   Facts are read by hand, the oldest of them on `read_on`.
with users as (
    select channel_id, family_id from staging.channels
    union
    select distinct channel_id, family_id from staging.listed_models where family_id is not null
),

visited as (
    select
        s.subject, s.channel_kind, s.thing, u.family_id, c.channel_id, c.role, c.target,
        coalesce(v.is_collected, false) as is_collected, cast(null as date) as read_on
    from staging.channels as c
    join metrics.covered_subjects as s on s.kept_kind = c.channel_kind
        and (coalesce(cardinality(c.things), 0) = 0 or list_contains(c.things, s.thing))
    join users as u on u.channel_id = c.channel_id
    left join staging.visits as v on v.channel_id = c.channel_id and v.thing = s.thing
    where c.is_enabled
)

select subject, family_id, channel_kind, role as channel_role, channel_id, thing, target, is_collected, read_on
from visited
union all
select subject, family_id, channel_kind, 'all', channel_id, thing, target, is_collected, read_on
from visited
union all
select
    s.subject, f.family_id, s.channel_kind, 'all', f.family_id || '.facts', s.thing, 'facts read by hand',
    true, min(f.as_of_on)
from staging.facts as f
join staging.families as m on m.family_id = f.family_id
join metrics.covered_subjects as s on s.kept_kind = 'facts' and s.thing = f.fact_kind
    and (s.subject <> 'licences' or m.side = 'proprietary')
group by all
