-- question: How long does each stage of an incident last: until the cause is identified, until a fix is monitored,
--   until it is resolved?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: minutes per stage of an incident
-- titles: to_identified = minutes until the cause is identified; to_monitoring = minutes until a fix is monitored;
--   to_resolved = minutes until it is resolved; to_first_remedy = minutes until the first fix
-- unit: minutes
-- better: low
-- standard: none (stages as Statuspage names them)
-- caveats: By the page's own posts. `to_identified`: from the first post; an incident posted as identified from the
--   start takes 0. `to_monitoring`: from identified. `to_resolved`: from monitoring to the end. `to_first_remedy`:
--   from the first post to monitoring, whether or not a cause was named. Incidents that skip a stage, or whose posts
--   are in another order, are left out and counted: those reported more carefully carry more weight. An ongoing stage
--   is left out; recovery_hours counts ongoing incidents. Empty if the format of a page names no stages.
-- version: 1
-- proof: analytics/metrics/test_disclosure.py::test_each_stage_lasts_from_its_post_to_the_next
-- shape: median
-- covers: incidents
-- of: incidents with both posts
-- segments: all, api
-- statistics: to_identified, to_monitoring, to_resolved, to_first_remedy
with stages as (
    select i.*, t.statistic,
        case t.statistic when 'to_monitoring' then i.identified_at when 'to_resolved' then i.monitoring_at
            else i.posted_at end as from_at,
        case t.statistic when 'to_identified' then i.identified_at when 'to_resolved' then i.ended_at
            else i.monitoring_at end as until_at
    from metrics.incident_items as i
    cross join (values ('to_identified'), ('to_monitoring'), ('to_resolved'), ('to_first_remedy')) as t (statistic)
)

select
    item_id, url, family_id, channel_kind, channel_role, is_pooled, segment, statistic, age_days,
    date_diff('microsecond', from_at, until_at) / 60e6 as amount,
    case
        when is_brought_over then 'copied from another page'
        when is_open and until_at is null then 'still ongoing'
        when from_at is null or until_at is null then 'without both posts'
        when until_at < from_at then 'posted in another order'
    end as exclusion_reason
from stages
