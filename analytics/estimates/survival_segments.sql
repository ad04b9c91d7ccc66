-- question: For which parts of the requests for help, and by which rules for bots, is the time to the first answer by
--   a person taken apart?
-- grain: thread_id, segment
-- unit: none
-- standard: none
-- caveats: Whether the asker had asked before; what is asked and in which language (as read by rules); how long after
--   the newest model; and all by the strict and by the lenient rule of bot_rule_answers. All but the first only for a
--   family's own channels of all roles together (`is_apart` is false): further splits would hold too few threads to say
--   anything.
-- version: 2
select thread_id, segment, true as is_apart from metrics.thread_askers
union all
select thread_id, segment, false from metrics.thread_segments where segment <> 'all'
union all
select thread_id, segment, false from metrics.thread_releases
union all
select t.thread_id, s.segment, false from staging.threads as t cross
    join (values ('bots:strict'), ('bots:lenient')) as s (segment)
