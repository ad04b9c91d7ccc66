-- question: How long does an incident last before the status page reports it?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: minutes until an incident is acknowledged
-- titles: stated = minutes until an incident is acknowledged, as stated; at_least = minutes until an incident is
--   acknowledged, at least
-- unit: minutes
-- better: low
-- standard: Time to Acknowledge
-- caveats: From the start to the first post. `stated`: incidents for which the page or the text states a start other
--   than the first post; the note counts the others, which may have been reported at once or have an unknown start.
--   `at_least`: all incidents, those without a stated start as 0: the true median is no lower, as far as stated starts
--   are true. A vendor who states starts late looks fast. Incidents that were never posted are not known: no probe is
--   read.
-- version: 1
-- proof: analytics/metrics/test_disclosure.py::test_the_first_post_comes_after_the_stated_beginning
-- shape: median
-- covers: incidents
-- of: incidents
-- segments: all, api
-- statistics: stated, at_least
-- features: incident window
select
    item_id, url, family_id, channel_kind, channel_role, is_pooled, segment, 'stated' as statistic, age_days,
    posted_minutes as amount, case
        when is_brought_over then 'copied from another page'
        when not is_start_known then 'posted when over, of unknown length'
        when not is_start_stated then 'without a stated beginning'
        when posted_minutes < 0 then 'posted before it began'
    end as exclusion_reason
from metrics.incident_items
union all
select
    item_id, url, family_id, channel_kind, channel_role, is_pooled, segment, 'at_least', age_days,
    case when is_start_stated and posted_minutes > 0 then posted_minutes else 0 end,
    case when is_brought_over then 'copied from another page' end
from metrics.incident_items
