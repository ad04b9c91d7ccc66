-- question: Which commits do the default branches have, and who wrote them?
-- grain: commit_id
-- standard: CHAOSS Code Changes Commits
-- caveats: Commits dropped by a rewritten branch are left out. Channels shared by many families belong to none of them,
--   so their commits have no family. Where changes are squashed, one commit is one change, and its other authors are
--   known from its trailers only. Roles assigned by hand, and bots recognised by behaviour, are taken from accounts.
-- by: family
select
    m.channel_id || '@' || m.sha as commit_id,
    m.channel_id,
    case when c.family_id = '_shared' then null else c.family_id end as family_id,
    c.role as channel_role,
    m.url, m.actor_id,
    case
        when b.settled_role is null and b.is_bot_by_behaviour and m.author_role <> 'agent' then 'bot'
        else coalesce(b.settled_role, m.author_role)
    end as author_role,
    m.coauthor_ids, m.authored_at, m.committed_at, m.is_merge, m.has_agent, m.seen_at
from staging.github__commits as m
join raw.catalog__channels as c on c.channel_id = m.channel_id
left join staging.account_roles as b on b.source = c.source and b.actor_id = m.actor_id
where not m.is_dropped
