-- question: What was released, and when?
-- grain: release_id
-- unit: none
-- standard: CHAOSS Release Frequency
-- caveats: A repository's own list of releases and its changelog are both here if both are collected, each under its
--   channel, and a changelog's role is `changelog`: count within one channel, never over both. A changelog entry has a
--   date here only if its day is known; one dated by month (`date_kind`) has none, because gaps between first days of
--   months would be invented. Channels shared by many families belong to none of them.
-- version: 2
with listed as (
    select
        channel_id, cast(release_id as varchar) as release_code, version, title, url, released_at,
        'exact' as date_kind, is_prerelease, is_breaking
    from staging.github__releases
    union all
    select
        channel_id, entry_id as release_code, entry_id as version, title, url,
        case when date_kind = 'exact' then published_at end as released_at, date_kind, is_prerelease, is_breaking
    from staging.changelog__entries
)

select
    l.channel_id || '#' || l.release_code as release_id,
    l.channel_id,
    case when c.family_id = '_shared' then null else c.family_id end as family_id,
    c.source,
    c.role as channel_role,
    l.version, l.title, l.url, l.released_at, l.date_kind, l.is_prerelease, l.is_breaking
from listed as l
join raw.catalog__channels as c on c.channel_id = l.channel_id
