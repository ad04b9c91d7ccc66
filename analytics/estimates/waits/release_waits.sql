-- question: How long after each release did the next one of its line appear?
-- grain: item_id, segment
-- unit: hours
-- stored: no
-- caveats: A line is a channel, with its stable releases and its pre-releases separate. The latest release of a line
--   has no next one yet. Entries without a date are excluded, and so are channels shared by many families.
with waits as (
    select
        r.release_id as item_id, r.url, r.family_id, c.channel_kind, r.channel_role, false as is_pooled,
        true as is_apart, if(r.is_prerelease, 'pre-release', 'stable') as segment,
        v.clock_at as observed_until_at, date_diff('microsecond', r.released_at, v.clock_at) / 86400e6 as age_days,
        r.released_at as from_at,
        lead(r.released_at) over (
            partition by r.channel_id, segment order by r.released_at nulls last, r.release_id nulls last
        ) as until_at,
        cast(null as varchar) as cause, cast(null as varchar) as reason, cast(null as timestamp) as known_until_at
    from staging.releases as r
    join staging.channels as c on c.channel_id = r.channel_id
    join staging.visits as v on v.channel_id = r.channel_id and v.thing in ('releases', 'entries')
    where r.released_at <= v.clock_at and r.family_id is not null and c.family_id <> '_shared'
),

{{timed}}
