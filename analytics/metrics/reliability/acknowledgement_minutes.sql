-- question: How long does trouble go on before the status page says so?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: minutes until trouble is admitted
-- titles: stated = minutes until trouble is admitted, as stated; at_least = minutes until trouble is admitted, at least
-- unit: minutes
-- better: low
-- standard: Time to Acknowledge
-- caveats: From the beginning to the first post. `stated`: where the page or the text of the incident states a
--   beginning apart from the first post; the others are counted in the note and may have been told of at once or of
--   unknown beginning. `at_least`: all of them, those without a stated beginning as 0: the true middle is no less, as
--   far as stated beginnings are true. A vendor who states beginnings late looks quick. Nothing is known of trouble
--   that was never posted: no probe is read.
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
        when is_brought_over then 'brought over from another page'
        when not is_start_known then 'posted when over, of unknown length'
        when not is_start_stated then 'without a stated beginning'
        when posted_minutes < 0 then 'posted before it began'
    end as exclusion_reason
from metrics.incident_items
union all
select
    item_id, url, family_id, channel_kind, channel_role, is_pooled, segment, 'at_least', age_days,
    case when is_start_stated and posted_minutes > 0 then posted_minutes else 0 end,
    case when is_brought_over then 'brought over from another page' end
from metrics.incident_items
