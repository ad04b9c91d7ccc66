-- question: During how many incidents did people complain?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: incidents with complaints
-- titles: burst = incidents with a burst of complaints; week_before = weeks before incidents with a burst of complaints
-- unit: share
-- better: none
-- standard: none
-- caveats: `burst`: more new threads than usual in the family's own channels within two hours of the start (see
--   incident_bursts). `week_before`: the same for the hour one week earlier, as the level of chance: only the excess
--   of `burst` over it is informative. Available only for channels that were read completely; many who are affected
--   never write, and most who do write in channels outside the family's own. No burst does not mean no trouble.
-- version: 1
-- proof: analytics/intermediate/test_bursts.py::test_an_incident_is_corroborated_where_many_more_ask_than_usual
-- shape: share
-- covers: incidents
-- of: incidents
-- segments: all, api
-- statistics: burst, week_before
select
    i.item_id, i.url, i.family_id, i.channel_kind, i.channel_role, i.is_pooled, i.segment, t.statistic, i.age_days,
    b.is_burst as is_yes, b.threads_count, b.base_count,
    case
        when not i.is_start_known then 'posted when over, of unknown length'
        when b.item_id is null then 'without channels read completely for nine weeks'
    end as exclusion_reason
from metrics.incident_items as i
cross join (values ('burst'), ('week_before')) as t (statistic)
left join metrics.incident_bursts as b on b.item_id = i.item_id and b.statistic = t.statistic
