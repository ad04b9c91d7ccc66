-- question: What was released, and when?
-- grain: release_id
-- standard: CHAOSS Release Frequency
-- caveats: A repository's own list of releases and its changelog are both here if both are collected, each under its
--   channel, and a changelog's role is `changelog`: count within one channel, never over both. A changelog entry has a
--   date here only if its day is known; one dated by month has none, because gaps between first days of
--   months would be invented. Channels shared by many families belong to none of them. Entries that only a repository's
--   feed contains, read without a token, count if they are newer than the last reading of the list itself: older ones
--   that the list lacks are tags, not releases. Pre-releases in a feed are recognised by their names.
with lists as (
    select channel_id, max(read_at) as read_at
    from (
        select channel_id, seen_at as read_at from staging.github__releases where release_id is not null
        union all
        -- Only the list says how many releases there are.
        select channel_id, started_at from raw.ledger__runs
        where thing = 'releases' and total is not null and state in ('complete', 'unchanged')
    ) as looks
    group by channel_id
),

listed as (
    select
        g.channel_id, g.version as release_code, g.version, g.title, g.url, g.released_at,
        coalesce(
            g.is_prerelease,
            regexp_matches(lower(g.version), '[0-9](-[a-z]|[.-]?(a|b|c|rc|alpha|beta|dev|pre|preview)[.]?[0-9]*$)')
        ) as is_prerelease
    from staging.github__releases as g
    left join lists as r on r.channel_id = g.channel_id
    where g.release_id is not null or coalesce(g.released_at > r.read_at, true)
    union all
    select
        channel_id, entry_id as release_code, entry_id as version, title, url,
        case when date_kind = 'exact' then published_at end as released_at, is_prerelease
    from staging.changelog__entries
)

select
    l.channel_id || '#' || l.release_code as release_id,
    l.channel_id,
    case when c.family_id = '_shared' then null else c.family_id end as family_id,
    c.source,
    c.role as channel_role,
    l.version, l.title, l.url, l.released_at, l.is_prerelease
from listed as l
join raw.catalog__channels as c on c.channel_id = l.channel_id
