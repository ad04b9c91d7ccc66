-- question: By which properties of a request, and by which rules for bots, is the time to the first answer by a person
--   broken down?
-- grain: thread_id, segment
-- unit: none
-- standard: none
-- caveats: Whether the asker had asked before; topic and language (as read by rules); and everything under the strict and the lenient rule of bot_rule_answers. All except the first only for a family's
--   own channels of all roles together (`is_apart` is false): further splits would leave too few threads.
-- by: family
-- version: 1
select thread_id, family_id, segment, true as is_apart from metrics.thread_askers
union all
select thread_id, family_id, segment, false from metrics.thread_segments where segment <> 'all'
union all
select t.thread_id, t.family_id, s.segment, false from staging.threads as t cross
    join (values ('bots:strict'), ('bots:lenient')) as s (segment)
