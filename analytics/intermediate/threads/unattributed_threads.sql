-- question: Which requests for help in shared channels name no family, or several?
-- grain: thread_id
-- phase: facts
-- stored: no
-- caveats: Opened before the clock (see visits). They are common to all families, as each is told how many there are.
select
    t.channel_id || '#' || t.thread_code as thread_id, t.channel_id,
    if(t.thing = 'discussions', 'forum', c.channel_kind) as channel_kind, c.role as channel_role,
    date_diff('microsecond', t.opened_at, v.clock_at) / 86400e6 as age_days
from staging.thread_rows as t
join staging.channels as c on c.channel_id = t.channel_id and c.family_id = '_shared'
join staging.visits as v on v.channel_id = t.channel_id and v.thing = t.thing and t.opened_at <= v.clock_at
left join staging.attributions as a on a.channel_id = t.channel_id and a.thread_code = t.thread_code
where a.family_id is null
