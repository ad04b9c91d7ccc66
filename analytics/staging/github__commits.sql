-- question: Which commits does the default branch have, and who wrote them?
-- grain: channel_id, sha
-- caveats: An author without an account is identified by a keyed hash of the address, so one person may count as two.
--   Roles are known for programs and for staff named in the catalog only, otherwise unknown. Agents that do not
--   identify themselves are invisible. If a branch was rewritten, its old commits are marked as dropped where GitHub
--   still has them. A first visit reaches back to its `since` by date.
select
    channel_id,
    body->>'$.sha' as sha,
    body->>'$.url' as url,
    cast(body->>'$.authored_at' as timestamp) as authored_at,
    cast(body->>'$.committed_at' as timestamp) as committed_at,
    body->>'$.actor' as actor_id,
    body->>'$.role' as author_role,
    cast(body->'$.coauthors' as varchar[]) as coauthor_ids,
    cast(body->>'$.is_merge' as boolean) as is_merge,
    cast(body->>'$.is_linked' as boolean) as is_linked,
    cast(body->>'$.is_dropped' as boolean) as is_dropped,
    cast(body->>'$.has_agent' as boolean) as has_agent,
    source_time,
    seen_at
from raw.github__commits
