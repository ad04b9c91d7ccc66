-- question: How often was each package of a family downloaded on each of its last thirty days?
-- grain: channel_id, downloaded_on
-- unit: downloads
-- standard: CHAOSS Number of Downloads
-- caveats: Counted back from the latest reported day. A day that was not reported is missing, not zero.
with newest as (
    select channel_id, max(downloaded_on) as newest_on from staging.packages_daily group by channel_id
)

select p.family_id, p.channel_id, p.package_name, p.downloaded_on, p.downloads_count
from staging.packages_daily as p
join newest as n on n.channel_id = p.channel_id and date_diff('day', p.downloaded_on, n.newest_on) between 0 and 29
where p.family_id is not null
