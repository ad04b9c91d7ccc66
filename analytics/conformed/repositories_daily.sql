-- question: How large was each repository on each day?
-- grain: channel_id, day_on
-- unit: none
-- standard: none
-- caveats: Stars and forks are context only: they saturate and can be bought. Open issues include pull requests. A day
--   without a visit is missing, not zero.
-- version: 1
select
    r.channel_id,
    case when c.family_id = '_shared' then null else c.family_id end as family_id,
    c.role as channel_role,
    r.day_on, r.stars, r.forks, r.open_issues, r.is_archived
from staging.github__repositories as r
join raw.catalog__channels as c on c.channel_id = r.channel_id
