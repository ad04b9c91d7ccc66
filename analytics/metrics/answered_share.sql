-- question: What share of those who ask is answered by a person within a day, a week, a month?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- unit: share
-- standard: CHAOSS Time to First Response (as a probability)
-- caveats: One minus the share still waiting, which counts threads too young to know for as long as they were watched. Who counts as
--   whom, and what is compared with what, is as for first_response_hours. `newcomer` and `known` are askers (see thread_askers), and `type:` and `language:`
--   what is asked, all answered by anyone; the latter two only for a family's own channels of all roles together. Empty where no thread was watched for so
--   long.
-- version: 2
-- proof: test_golden.py::test_leaving_out_the_unanswered_reverses_the_rank
-- items: select d.*, t.url from metrics.survival_durations as d join staging.threads as t on t.thread_id = d.item_id where d.subject = 'response'
-- shape: figure
-- covers: threads
-- segments: anyone, staff, maintainer, outsider, newcomer, known
-- statistics: within_24h, within_7d, within_30d
-- gate: events
select
    q.family_id, q.channel_kind, q.channel_role, q.segment, t.statistic, q."window", a.value, a.low, a.high, q.n, q.n_events, q.n_censored,
    cast(null as varchar) as own_state,
    concat_ws(' ', case when a.value is null and q.n > 0 then 'No thread was watched for so long.' end, e.exclusion_note) as own_note
from metrics.survival_summary as q
cross join (values ('within_24h', 24.0), ('within_7d', 168.0), ('within_30d', 720.0)) as t (statistic, hours)
left join metrics.answered_curve as a
    on a.family_id = q.family_id and a.channel_kind = q.channel_kind and a.channel_role = q.channel_role and a.segment = q.segment
    and a."window" = q."window" and a.hours = t.hours
left join metrics.thread_exclusions as e
    on e.family_id = q.family_id and e.channel_kind = q.channel_kind and e.channel_role = q.channel_role and e.segment = q.segment
    and e."window" = q."window"
where q.subject = 'response' and q.statistic = 'median' and q.segment not in ('agent', 'anything') and q.segment not like 'week %'
