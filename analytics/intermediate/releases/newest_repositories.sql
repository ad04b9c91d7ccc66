-- question: How large is each repository of a family today?
-- grain: channel_id
-- unit: stars
-- standard: none
-- caveats: As last seen.
-- version: 1
with ranked as (
    select *, row_number() over (partition by channel_id order by day_on desc nulls last) as from_newest
    from staging.repositories_daily
    where family_id is not null and stars is not null
)

select channel_id, family_id, channel_role, day_on, stars from ranked where from_newest = 1
