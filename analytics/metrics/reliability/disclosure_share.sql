-- question: How openly does a status page report its incidents?
-- title: incidents reported openly
-- titles: with_cause = incidents with a cause; with_postmortem = incidents with a post-mortem; names_components =
--   incidents that name components;
--   states_start = incidents that state their start; retro_posted = incidents posted afterwards;
--   edited_start = incidents whose start was edited
-- unit: share
-- better: high
-- caveats: Read it together with the uptime: each incident that a page posts lowers it. Shares of all posted
--   disturbances: `with_cause` (the text gives a cause), `with_postmortem` (a report was published; incidents of the
--   last 14 days are too recent to know), `names_components` (says which components are affected), `states_start`
--   (states a start before the first post), `retro_posted` (first posted when it was over), `edited_start` (states two
--   starts, or one after the first post; among those that state any). Of the last two, less is better. Incidents that
--   were never posted are not visible. Segment `api`: all but those that name only other components or a part beside
--   the product. A page whose incidents never named a component is a feed that cannot name any. A start counts as
--   stated or edited if it differs by at least a minute. If a page posted three or more past incidents in the same
--   second, they were copied from another page. A rule reads the causes; its accuracy is published.
-- version: 3
-- proof: analytics/metrics/test_disclosure.py::test_openness_is_counted_over_what_could_be_told
-- shape: share
-- covers: incidents
-- of: incidents
-- segments: all, api
-- statistics: with_cause, with_postmortem, names_components, states_start, retro_posted, edited_start
-- features: incident cause
with pages as (
    select channel_id, max(case when has_components then 1 else 0 end) = 1 as can_name_parts
        from metrics.incident_windows group by channel_id
),

bulks as (
    select channel_id, posted_at from metrics.incident_windows where is_retro group by channel_id,
    posted_at having count(*) >= 3
),

incident_items as (
    select
        i.channel_id || '#' || i.incident_id as item_id, i.url, i.family_id, 'status' as channel_kind,
        c.role as channel_role, true as is_pooled, s.segment, i.age_days, i.has_cause, i.has_postmortem,
        i.has_components, p.can_name_parts, i.is_open, i.is_retro, i.is_start_edited,
        i.is_retro and b.posted_at is not null as is_brought_over,
        i.is_start_known and abs(date_diff('second', i.started_at, i.posted_at)) >= 60 as is_start_stated
    from metrics.incident_windows as i
    join staging.channels as c on c.channel_id = i.channel_id
    join pages as p on p.channel_id = i.channel_id
    left join bulks as b on b.channel_id = i.channel_id and b.posted_at = i.posted_at
    join (values ('all'), ('api')) as s (segment) on s.segment = 'all' or i.is_api or i.is_unattributed
    where i.is_disturbance
),

stated as (
    select i.*, t.statistic,
        case t.statistic
            when 'with_cause' then i.has_cause
            when 'with_postmortem' then i.has_postmortem
            when 'names_components' then i.has_components
            when 'states_start' then i.is_start_stated
            when 'retro_posted' then i.is_retro
            else i.is_start_edited
        end as is_yes
    from incident_items as i
    cross join (values
        ('with_cause'), ('with_postmortem'), ('names_components'), ('states_start'), ('retro_posted'), ('edited_start')
    ) as t (statistic)
)

select
    item_id, url, family_id, channel_kind, channel_role, is_pooled, segment, statistic, age_days, is_yes,
    case
        when statistic in ('states_start', 'retro_posted') and is_brought_over then 'copied from another page'
        when statistic = 'names_components' and not can_name_parts then 'not applicable (the page names no parts)'
        when statistic in ('with_cause', 'with_postmortem') and is_open then 'still ongoing'
        when statistic = 'edited_start' and is_yes is null then 'not applicable (states no start)'
        when statistic = 'with_postmortem' and age_days < 14 then 'too young'
        when is_yes is null then 'without texts'
    end as exclusion_reason
from stated
