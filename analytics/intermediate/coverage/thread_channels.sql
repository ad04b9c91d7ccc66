-- question: From which channels could the threads of each family be read?
-- grain: subject, family_id, channel_kind, channel_role, channel_id, thing
-- caveats: As covered_channels. Channels shared by many families count, under their role, for those that their threads
--   name.
select * from metrics.covered_channels where subject in ('threads', 'issues')
union all
select g.* replace (t.family_id as family_id)
from metrics.covered_channels as g
join (select distinct channel_id, family_id from staging.threads where family_id is not null) as t
    on t.channel_id = g.channel_id
where g.family_id = '_shared' and g.channel_role <> 'all' and g.subject in ('threads', 'issues')
