-- question: How openly does a status page tell of its incidents?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: incidents told openly
-- titles: with_cause = incidents with a cause; with_postmortem = incidents with a post-mortem; names_components =
--   incidents that name components;
--   states_start = incidents that state their start; retro_posted = incidents posted afterwards
-- unit: share
-- better: high
-- standard: none
-- caveats: Read it beside the uptime: a page that tells more of itself looks worse there. Shares of all disturbances
--   that were posted: `with_cause` (the text says why), `with_postmortem` (a report was published; incidents of the
--   last 14 days are too young to know), `names_components` (says which parts are touched), `states_start` (a beginning
--   is stated apart from the first post), `retro_posted` (first posted when it was over: the only one of which less is
--   better). What happened and was never posted is not seen. Causes are read by a rule, whose accuracy is published.
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
        when statistic in ('states_start', 'retro_posted') and is_brought_over then 'brought over from another page'
        when statistic = 'names_components' and not can_name_parts then 'not applicable (the page names no parts)'
        when statistic in ('with_cause', 'with_postmortem') and is_open then 'still going on'
        when statistic = 'with_postmortem' and age_days < 14 then 'too young'
        when is_yes is null then 'without texts'
    end as exclusion_reason
from told
