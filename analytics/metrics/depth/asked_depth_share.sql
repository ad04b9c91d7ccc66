-- question: What share of all who ask gets code, a source or a deep answer within thirty days?
-- grain: family_id, channel_kind, channel_role, segment, statistic, window
-- title: of all who asked, got a deep answer
-- titles: code = of all who asked, got code; source = of all who asked, was shown source code; deep = of all who asked,
--   got a deep answer
-- unit: share
-- better: high
-- standard: none
-- caveats: Of all threads observed for at least 30 days, answered or not: an answer by a person within that time
--   contains lines of code, a patch or a command (`code`), shows a file, change or commit of any repository
--   (`source`), or has 3 of 4 points or more (`deep`, see answer_depth). The shares of answered threads (see
--   code_answer_share, source_answer_share, deep_answer_share) favour those who answer only what they can answer well;
--   these do not. Where answers are missing and none held has it, it was not seen.
-- version: 1
-- proof: analytics/metrics/depth/test_asked_depth.py::test_depth_of_all_who_asked_and_of_the_answered
-- shape: share
-- covers: threads
-- segments: all
-- statistics: code, source, deep
-- features: has_code, has_patch, has_command, source_paths, has_version, has_solved
with asked as (
    select
        h.*, s.statistic, coalesce(a.is_part_seen, false) as is_part_seen, a.exclusion_reason as answer_reason,
        coalesce(case s.statistic when 'code' then a.has_code_point when 'source' then a.has_source_point
            else a.depth_points >= 3 end, false) as is_yes
    from metrics.thread_help as h
    left join metrics.thread_answers as a on a.thread_id = h.thread_id
    cross join (values ('code'), ('source'), ('deep')) as s (statistic)
    where h.family_id is not null and h.author_role <> 'bot'
)

select
    q.thread_id as item_id, q.url, q.family_id, q.channel_kind, q.channel_role, q.is_pooled, g.segment, q.statistic,
    q.age_days, q.is_yes, q.is_part_seen and not q.is_yes as is_unseen,
    case
        when q.exclusion_reason like 'older%' then q.exclusion_reason
        when q.answer_reason is not null then q.answer_reason
        when not q.is_watched_30d then 'observed for less than 30 days'
    end as exclusion_reason
from asked as q
join metrics.thread_segments as g on g.thread_id = q.thread_id and g.segment not like 'language:%'
