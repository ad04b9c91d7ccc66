-- question: What share of changelog entries announces breaking changes, and what share has a date?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: openness of changelogs
-- titles: break_marked = entries marked as breaking; dated = entries with a date
-- unit: share
-- better: none
-- standard: none
-- caveats: Of everything on the page, whatever its date, since an undated entry belongs to no shorter window.
--   `break_marked`: states explicitly that it breaks what worked before. A low share may mean that little breaks or
--   that little is reported: read it together with `dated`, and never as quality by itself. Feeds without room for
--   such a mark are left out.
-- version: 1
-- proof: analytics/metrics/test_releases.py::test_how_openly_changelogs_speak
-- shape: share
-- covers: releases
-- roles: apart
-- of: entries
-- segments: all
-- statistics: break_marked, dated
-- windows: all
select
    r.release_id as item_id, r.url, r.family_id, c.channel_kind, r.channel_role, false as is_pooled, 'all' as segment,
    t.statistic, w.window_days as age_days,
    case when t.statistic = 'dated' then r.released_at is not null else r.is_breaking end as is_yes,
    case when t.statistic = 'break_marked' and r.is_breaking is null then 'from feeds without room for such a mark'
        end as exclusion_reason
from staging.releases as r
join staging.channels as c on c.channel_id = r.channel_id
cross join (values ('break_marked'), ('dated')) as t (statistic)
cross join (select max(window_days) as window_days from metrics.scopes) as w
where r.family_id is not null
