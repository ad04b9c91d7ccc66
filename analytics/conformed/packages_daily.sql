-- question: How often were the packages of each family downloaded, day by day?
-- grain: channel_id, downloaded_on
-- standard: CHAOSS Number of Downloads
-- caveats: Python packages only, without mirrors. Most downloads are builds and tests that install from scratch (CI),
--   and one large user can double the count overnight: the level may be compared over time within a package, and with
--   care between packages of one kind. Working days have more downloads than weekends. A package of a channel shared by
--   many families belongs to none of them. A missing day was not reported; it is not zero.
select
    d.channel_id,
    case when c.family_id = '_shared' then null else c.family_id end as family_id,
    d.package_name, d.downloaded_on, d.downloads_count, d.seen_at
from staging.packages__downloads as d
join raw.catalog__channels as c on c.channel_id = d.channel_id
