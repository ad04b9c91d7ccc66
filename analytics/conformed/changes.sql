-- question: Which changes were proposed, by whom, and what became of them?
-- grain: change_id
-- published: yes
-- standard: CHAOSS Change Requests
-- caveats: Channels shared by many families belong to none of them, so their changes have no family. Roles
--   assigned by hand, and bots recognised by behaviour, are taken from account_roles. Changes proposed after the clock
--   (see visits) are missing, and those closed or merged after it are open.
select
    p.channel_id || '#' || p.number as change_id,
    p.channel_id,
    case when c.family_id = '_shared' then null else c.family_id end as family_id,
    c.role as channel_role,
    p.number, p.title, p.url, p.actor_id,
    case
        when b.settled_role is null and b.is_bot_by_behaviour and p.author_role <> 'agent' then 'bot'
        else coalesce(b.settled_role, p.author_role)
    end as author_role,
    p.opened_at, if(p.closed_at > v.clock_at, null, p.closed_at) as closed_at,
    if(p.merged_at > v.clock_at, null, p.merged_at) as merged_at, p.seen_at
from staging.github__pulls as p
join raw.catalog__channels as c on c.channel_id = p.channel_id
left join staging.visits as v on v.channel_id = p.channel_id and v.thing = 'pulls'
left join staging.account_roles as b on b.source = c.source and b.actor_id = p.actor_id
where coalesce(p.opened_at <= v.clock_at, true)
