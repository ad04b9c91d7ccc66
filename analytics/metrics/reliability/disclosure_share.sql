-- question: How openly does a status page report its incidents?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: incidents reported openly
-- titles: with_cause = incidents with a cause; with_postmortem = incidents with a post-mortem; names_components =
--   incidents that name components;
--   states_start = incidents that state their start; retro_posted = incidents posted afterwards
-- unit: share
-- better: high
-- standard: none
-- caveats: Read it together with the uptime: a page that discloses more has a worse uptime. Shares of all posted
--   disturbances: `with_cause` (the text gives a cause), `with_postmortem` (a report was published; incidents of the
--   last 14 days are too recent to know), `names_components` (says which components are affected), `states_start`
--   (states a start other than the first post), `retro_posted` (first posted when it was over: the only share of which
--   less is better). Incidents that were never posted are not visible. A rule reads the causes; its accuracy is
--   published.
-- version: 1
-- proof: analytics/metrics/test_disclosure.py::test_openness_is_counted_over_what_could_be_told
-- shape: share
-- covers: incidents
-- of: incidents
-- segments: all, api
-- statistics: with_cause, with_postmortem, names_components, states_start, retro_posted
-- features: incident cause
with told as (
    select i.*, t.statistic,
        case t.statistic
            when 'with_cause' then i.has_cause
            when 'with_postmortem' then i.has_postmortem
            when 'names_components' then i.has_components
            when 'states_start' then i.is_start_stated
            else i.is_retro
        end as is_yes
    from metrics.incident_items as i
    cross join (values ('with_cause'), ('with_postmortem'), ('names_components'), ('states_start'), ('retro_posted'))
        as t (statistic)
)

select
    item_id, url, family_id, channel_kind, channel_role, is_pooled, segment, statistic, age_days, is_yes,
    case
        when statistic in ('states_start', 'retro_posted') and is_brought_over then 'copied from another page'
        when statistic = 'names_components' and not can_name_parts then 'not applicable (the page names no parts)'
        when statistic in ('with_cause', 'with_postmortem') and is_open then 'still ongoing'
        when statistic = 'with_postmortem' and age_days < 14 then 'too young'
        when is_yes is null then 'without texts'
    end as exclusion_reason
from told
